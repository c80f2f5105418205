import { type Line, makeLine } from '../platform/line.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import { Problem } from '../web/problem.ts';
import type { Result } from './ingest.ts';

type Answer = Pick<Result, 'status'>;

/** What one call brought. */
export interface Brought {
  /** calls of the same sort may be stored together; null: this one by itself */
  sort: string | null;
  items: readonly unknown[];
  /** Answers one result for each item, in their order. */
  store(items: readonly unknown[]): Promise<readonly Answer[]>;
  /** how long it may wait, in milliseconds; programs give up after half a minute or a minute, and would not know what became of their call */
  patience?: number;
}

const PATIENCE = 25_000;

/**
 * As many items of several calls as are stored together. They take about as long as a batch of an import, an eighth of a second: people
 * who save a customer wait for the same lock. One call may bring more by itself.
 */
const MOST = 100;

interface Call extends Required<Brought> {
  came: number;
}

/** The answers to a call; null: it has waited too long, and nothing of it is stored. */
type Answers = readonly Answer[] | null;

const lines = new WeakMap<Tenancy, Line<Call, Answers>>();

/**
 * One call of a company after another, and small ones that wait together. In the database each would wait for the company's lock, and hold one
 * of the few connections that everybody shares. How many may wait is decided before their bodies are read (`web/api-room.ts`). Whoever has
 * waited too long when its turn comes is told to come again (503).
 */
export async function inLine(tenancy: Tenancy, companyId: string, brought: Brought): Promise<readonly Answer[]> {
  const line = lines.get(tenancy) ?? makeLine({ fits, work });
  lines.set(tenancy, line);
  const answers = await line(companyId, { patience: PATIENCE, ...brought, came: performance.now() });
  if (answers) return answers;
  throw new Problem(503, 'Much is being taken in at the moment. Repeat the call; that does no harm.');
}

function fits(batch: readonly Call[], { sort, items }: Call): boolean {
  const count = batch.reduce((sum, call) => sum + call.items.length, items.length);
  return sort !== null && batch[0]?.sort === sort && count <= MOST;
}

async function work(_: string, calls: readonly Call[]): Promise<Answers[]> {
  const now = performance.now();
  const patient = calls.filter(({ came, patience }) => now - came <= patience);
  const [first] = patient;
  const answers = first ? await first.store(patient.flatMap(({ items }) => items)) : [];
  let next = 0;
  return calls.map((call) => {
    if (!patient.includes(call)) return null;
    next += call.items.length;
    return answers.slice(next - call.items.length, next);
  });
}
