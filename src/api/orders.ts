import * as orders from '../orders/orders.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import { Problem } from '../web/problem.ts';
import type { OrderPage } from './answers.ts';
import { orderView } from './view.ts';

const PAGE = 100;

/** A page of the orders of one customer, newest first. */
export async function ordersOf(db: CompanyReader, customerId: string, after: orders.Place | null): Promise<OrderPage> {
  const { orders: page, next } = await orders.further(db, customerId, after, PAGE);
  return { orders: page.map(orderView), next };
}

/** Where the page before ended. Throws `Problem` 400 for a token that was not made here. */
export function readMark(cursor: string): orders.Place {
  const place = orders.readToken(cursor, 'after');
  if (!place) throw new Problem(400, '"cursor" is none that an answer gave.');
  return place;
}
