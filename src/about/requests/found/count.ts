import type { Found } from './sql.ts';

export interface Tally {
  orders: number;
  messages: number;
  feedback: number;
  imported: number;
}

/** What a company was not asked for, because it may be about somebody else: the person can ask the company itself. */
export interface Left {
  company: string;
  why: 'shared' | 'former';
  count: number;
}

/** What came of one company. `counts` is null: nothing was taken out of it. */
export interface Outcome {
  counts: Tally | null;
  left: Left | null;
}

export function count(rows: readonly Pick<Found, 'kind'>[]): Tally {
  const of = (kind: Found['kind']) => rows.filter((row) => row.kind === kind).length;
  return { orders: of('order'), messages: of('message'), feedback: of('feedback'), imported: of('import') };
}

/** null: nothing was left */
export function leftOf(company: string, { shared, former }: { shared: boolean; former: number }): Left | null {
  if (shared) return { company, why: 'shared', count: 0 };
  return former > 0 ? { company, why: 'former', count: former } : null;
}
