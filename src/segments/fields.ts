import * as sql from './sql.ts';
import { choice, counted, day, type Field, money, number, tagged, text } from './types.ts';

/** One row per criterion: its key in addresses, its type with the operators, its piece of SQL (P-25 to P-31). */
export const FIELDS = {
  activity: day(sql.lastActivity, sql.hasActivity),
  activities: number(sql.activities, sql.activitiesSince),
  orders: number(sql.orders, sql.ordersSince),
  orders_total: money(sql.ordersTotal),
  last_order: day(sql.lastOrder, sql.hasOrder),
  messages: number(sql.messages, sql.messagesSince),
  message: choice(sql.message),
  feedback: choice(sql.feedback),
  gender: choice(sql.gender),
  region: text(sql.region),
  tag: tagged(sql.tag),
  reviews: counted(sql.reviews),
  consent: choice(sql.consent),
} satisfies Record<string, Field>;

export type FieldKey = keyof typeof FIELDS;

export const FIELD_KEYS = Object.keys(FIELDS) as FieldKey[];

export function isField(key: string): key is FieldKey {
  return Object.hasOwn(FIELDS, key);
}
