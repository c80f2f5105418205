import { decodeCursor, encodeCursor } from '../kernel/cursor.ts';
import { isId } from '../kernel/id.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { ItemRow, OrderRow, Place, ProofRow } from './sql.ts';
export { ORDER_STATUSES, type OrderStatus } from './status.ts';

/** A page of a customer's orders, newest first (P-71). */
export const ofCustomer = (db: CompanyReader, customerId: string, { page, per }: { page: number; per: number }) =>
  db.query<sql.OrderRow>(sql.ofCustomer(customerId, per, (page - 1) * per));

/** The orders of a customer from a place on, newest first, and the token of the next page; null: there is none. */
export async function further(db: CompanyReader, customerId: string, place: sql.Place | null, per: number) {
  const rows = await db.query<sql.OrderRow>(sql.further(customerId, place, per + 1));
  const orders = rows.slice(0, per);
  return { orders, next: rows.length > per ? token(orders.at(-1)) : null };
}

/** What a token says; null: it was not made here. */
export function readToken(text: string, side: sql.Place['side']): sql.Place | null {
  const [at = '', id = ''] = decodeCursor(text, 2) ?? [];
  return /^-?\d{1,16}$/.test(at) && isId(id) ? { side, at, id } : null;
}

export interface OrderQuery {
  /** the whole number of an order; blank: all orders */
  q: string;
  withoutCustomer: boolean;
  per: number;
  /** token of the page beside; the page begins after it or ends before it */
  after: string | null;
  before: string | null;
}

export interface OrderList {
  orders: readonly sql.OrderRow[];
  /** tokens; null: there is no such page */
  next: string | null;
  previous: string | null;
}

/** All orders of the company, newest first, those without a customer too. */
export async function list(
  db: CompanyReader,
  { q, withoutCustomer, per, after, before }: OrderQuery,
): Promise<OrderList> {
  const number = q.trim().replace(/^[#№]\s*/u, '');
  if (number !== '') {
    const orders = await db.query<sql.OrderRow>(sql.byNumber(number, withoutCustomer, per));
    return { orders, next: null, previous: null };
  }
  const place = before ? readToken(before, 'before') : readToken(after ?? '', 'after');
  const rows = await db.query<sql.OrderRow>(sql.all(withoutCustomer, place, per + 1));
  const shown = rows.slice(0, per);
  const more = rows.length > per;
  const backwards = place?.side === 'before';
  const orders = backwards ? shown.reverse() : shown;
  const [hasNext, hasPrevious] = backwards ? [true, more] : [more, place !== null];
  return { orders, next: hasNext ? token(orders.at(-1)) : null, previous: hasPrevious ? token(orders.at(0)) : null };
}

const token = (row: sql.OrderRow | undefined) => (row ? encodeCursor([row.mark, row.id]) : null);

export interface OneOrder {
  order: sql.OrderRow;
  items: readonly sql.ItemRow[];
  proof: readonly sql.ProofRow[];
}

/** An order with its lines and the contacts it was assigned by; null: there is none of that id here. */
export async function one(db: CompanyReader, id: string): Promise<OneOrder | null> {
  const [order] = await db.query<sql.OrderRow>(sql.one(id));
  if (!order) return null;
  const items = await db.query<sql.ItemRow>(sql.items(id));
  return { order, items, proof: await db.query<sql.ProofRow>(sql.proof(id)) };
}
