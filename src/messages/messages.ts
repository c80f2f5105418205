import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { MessageRow, ThreadRow } from './sql.ts';
export { type Talk, talkOf, threadOf } from './talk.ts';
export { showThread } from './thread-page.ts';

interface Paging {
  page: number;
  per: number;
}

/** A page of the conversations in which a customer wrote, the one with the latest message first. */
export const threads = (db: CompanyReader, customerId: string, { page, per }: Paging) =>
  db.query<sql.ThreadRow>(sql.threads(customerId, per, (page - 1) * per));
