import type { Found } from './sql.ts';

export interface Tally {
  orders: number;
  messages: number;
  feedback: number;
  imported: number;
}

export function count(rows: readonly Pick<Found, 'kind'>[]): Tally {
  const of = (kind: Found['kind']) => rows.filter((row) => row.kind === kind).length;
  return { orders: of('order'), messages: of('message'), feedback: of('feedback'), imported: of('import') };
}
