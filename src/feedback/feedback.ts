import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { FeedbackRow } from './sql.ts';

/** A page of what a customer wrote about the company, newest first (P-90). */
export const ofCustomer = (db: CompanyReader, customerId: string, { page, per }: { page: number; per: number }) =>
  db.query<sql.FeedbackRow>(sql.ofCustomer(customerId, per, (page - 1) * per));
