import type { CompanyReader } from '../../tenancy/handles.ts';
import { compilePart } from '../compile.ts';
import type { Condition } from '../condition.ts';
import { partText } from '../filter.ts';
import { type Filter, isGroup, type Join, leavesOf, type Part } from '../tree.ts';
import * as sql from './sql.ts';

/** A part of a filter, and whether it holds for the customer that was asked about. */
export interface Reason {
  readonly part: Part;
  readonly holds: boolean;
  /** of brackets: their parts */
  readonly reasons: readonly Reason[];
}

export interface Verdict {
  readonly inside: boolean;
  readonly reasons: readonly Reason[];
}

/** Why a customer is in each of these filters, or is not, condition by condition: by one question to the database. */
export async function why(
  db: CompanyReader,
  customerId: string,
  filters: readonly Filter[],
  now: Date,
): Promise<Verdict[]> {
  const leaves = new Map(filters.flatMap((filter) => filter.flatMap(leavesOf)).map((leaf) => [partText(leaf), leaf]));
  const answers = await answer(db, customerId, leaves, now);
  return filters.map((filter) => {
    const reasons = filter.map((part) => reasonOf(part, answers));
    return { inside: reasons.every(({ holds }) => holds), reasons };
  });
}

async function answer(
  db: CompanyReader,
  customerId: string,
  leaves: ReadonlyMap<string, Condition>,
  now: Date,
): Promise<ReadonlyMap<string, boolean>> {
  if (leaves.size === 0) return new Map();
  const conditions = [...leaves.values()].map((leaf) => compilePart(leaf, db.company, now));
  const [row] = await db.query<{ holds: boolean[] }>(sql.holds(customerId, conditions));
  return new Map([...leaves.keys()].map((text, at) => [text, row?.holds[at] ?? false]));
}

function reasonOf(part: Part, answers: ReadonlyMap<string, boolean>): Reason {
  if (!isGroup(part)) return { part, holds: answers.get(partText(part)) ?? false, reasons: [] };
  const reasons = part.parts.map((inner) => reasonOf(inner, answers));
  return { part, holds: JOINED[part.join](reasons.map(({ holds }) => holds)), reasons };
}

const JOINED: Record<Join, (answers: readonly boolean[]) => boolean> = {
  all: (answers) => !answers.includes(false),
  any: (answers) => answers.includes(true),
  none: (answers) => !answers.includes(true),
};
