import { makeLine } from '../kernel/line.ts';
import { Problem } from '../web/problem.ts';
import type { Result } from './ingest.ts';

type Answer = Pick<Result, 'status'>;

/** What one call brought. */
export interface Brought {
  /** Calls of the same sort are stored alike. */
  sort: string;
  items: readonly unknown[];
  /** Answers one result for each item, in their order. */
  store(items: readonly unknown[]): Promise<readonly Answer[]>;
  /** how long it may wait, in milliseconds; programs give up after half a minute or a minute, and would not know what became of their call */
  patience?: number;
}

const PATIENCE = 25_000;

/** As many items of several calls as are stored together: others want the company's lock too. A call may bring more by itself. */
const MOST = 250;

interface Call extends Required<Brought> {
  came: number;
}

/**
 * One call of a company after another, and the small ones that wait together. In the database each would wait for the company's lock, and
 * hold one of the few connections that everybody shares. How many may wait is decided before their bodies are read (`web/api-room.ts`).
 * Whoever has waited too long when its turn comes is told to come again (503).
 */
export async function inLine(companyId: string, brought: Brought): Promise<readonly Answer[]> {
  const answers = await enter(companyId, { patience: PATIENCE, ...brought, came: performance.now() });
  if (answers) return answers;
  throw new Problem(503, 'Much is being taken in at the moment. Repeat the call; that does no harm.');
}

/** Answers null for a call that has waited too long: nothing of it is stored. */
const enter = makeLine<Call, readonly Answer[] | null>({
  fits: (batch, { sort, items }) => batch[0]?.sort === sort && count(batch) + items.length <= MOST,
  work: async (_, calls) => {
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
  },
});

const count = (calls: readonly Call[]) => calls.reduce((sum, { items }) => sum + items.length, 0);
