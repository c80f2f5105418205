import { decodeCursor, encodeCursor } from '../kernel/cursor.ts';
import { isId } from '../kernel/id.ts';
import { isDay } from '../kernel/time.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { Problem } from '../web/problem.ts';
import type { OrderPage } from './answers.ts';
import * as sql from './sql.ts';
import { type OrderRow, orderView } from './view.ts';

const PAGE = 100;

/** A page of the orders of one customer, newest first. */
export async function ordersOf(db: CompanyDb, customerId: string, after: sql.OrderMark | null): Promise<OrderPage> {
  const rows = await db.query<OrderRow>(sql.orders(db.company.id, customerId, after, PAGE + 1));
  const page = rows.slice(0, PAGE);
  const last = rows.length > PAGE ? page.at(-1) : undefined;
  return { orders: page.map(orderView), next: last ? encodeCursor([last.mark, last.id]) : null };
}

/** Where the page before ended. Throws `Problem` 400 for a token that was not made here. */
export function readMark(cursor: string): sql.OrderMark {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (at === undefined || id === undefined || !isMoment(at) || !isId(id)) {
    throw new Problem(400, '"cursor" is none that an answer gave.');
  }
  return { at, id };
}

/** As PostgreSQL writes it in UTC. Asked before PostgreSQL is: it answers another text with an error. */
function isMoment(text: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d) (?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,6})?\+00$/.exec(text) ?? [];
  return day !== undefined && isDay(day);
}
