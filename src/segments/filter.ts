import type { Company } from '../tenancy/company.ts';
import { conditionText, parseCondition } from './condition.ts';
import { conditionsIn, depthOf, type Filter, isGroup, JOINS, MAX_CONDITIONS, MAX_DEPTH, type Part } from './tree.ts';

/** What is not understood. */
export interface PartError {
  readonly error: 'field' | 'operator' | 'value' | 'brackets' | 'depth';
  /** the piece of the text that is meant */
  readonly text: string;
}

/**
 * Reads a condition, or `any(gender:is:male,all(orders:gte:3,region:is:Kyiv))`: commas separate, brackets may stand in brackets. A
 * comma or a bracket that belongs to a value is percent-encoded there.
 */
export function parsePart(text: string, company: Company): Part | PartError {
  const part = readPart(text, company, 0);
  if ('error' in part || depthOf(part) <= MAX_DEPTH) return part;
  return { error: 'depth', text };
}

// Deeper than this nobody looks: a text of brackets alone must not fill the stack.
const DEEPEST = MAX_DEPTH + 1;

function readPart(text: string, company: Company, depth: number): Part | PartError {
  const join = JOINS.find((name) => text.startsWith(`${name}(`));
  if (!join) return parseCondition(text, company);
  if (depth > DEEPEST) return { error: 'depth', text };
  const pieces = piecesOf(text.slice(join.length));
  if (!pieces || pieces.includes('')) return { error: 'brackets', text };
  const parts: Part[] = [];
  for (const piece of pieces) {
    const part = readPart(piece, company, depth + 1);
    if ('error' in part) return part;
    parts.push(part);
  }
  return { join, parts };
}

/** `(a,any(b,c))` → `a`, `any(b,c)`; null: they do not close, or something follows them. */
function piecesOf(text: string): string[] | null {
  const pieces: string[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth > 0 && !(sign === ',' && depth === 1)) continue;
    pieces.push(text.slice(from, at));
    from = at + 1;
    if (depth === 0) return from === text.length ? pieces : null;
  }
  return null;
}

/** The text that reads back as this part. */
export const partText = (part: Part): string =>
  isGroup(part) ? `${part.join}(${part.parts.map(partText).join(',')})` : conditionText(part);

/** `where=…&where=…`: how a segment is kept. */
export const filterText = (filter: Filter): string =>
  new URLSearchParams(filter.map((part): [string, string] => ['where', partText(part)])).toString();

/** What `filterText` wrote. null: it is not understood any more, or was too long. */
export function parseFilter(text: string, company: Company): Filter | null {
  const parts: Part[] = [];
  for (const where of new URLSearchParams(text).getAll('where')) {
    const part = parsePart(where, company);
    if ('error' in part) return null;
    parts.push(part);
  }
  return conditionsIn(parts) <= MAX_CONDITIONS ? parts : null;
}

/** Whether two filters say the same in the same words. */
export const isSame = (one: Filter, other: Filter): boolean => filterText(one) === filterText(other);
