import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { Kind, MergedRow, Part, StepRow } from './sql.ts';

/** What people decided, newest first; `more`: there are older ones. `before`: the last one of the page before. */
export async function list(db: CompanyReader, per: number, before: string | null) {
  const rows = await db.query<sql.StepRow>(sql.list(before, per + 1));
  return { steps: rows.slice(0, per), more: rows.length > per };
}

/** null: there is none of that id here */
export async function one(db: CompanyReader, stepId: string): Promise<sql.StepRow | null> {
  return (await db.query<sql.StepRow>(sql.one(stepId)))[0] ?? null;
}

/** What people decided about a customer, newest first. */
export const ofCustomer = (db: CompanyReader, customerId: string, most: number) =>
  db.query<sql.StepRow>(sql.ofCustomer(customerId, most));

/** Keeps with a decision what its customers were called before it, where `before` knows that, else what they are called now. */
export async function keepNames(db: CompanyDb, stepId: string, before: ReadonlyMap<string, string>): Promise<void> {
  const parts = (await one(db, stepId))?.parts ?? [];
  const rows = parts.map(({ id, customerId, customer, otherId, other }) => ({
    id,
    names: { customer: before.get(customerId ?? '') ?? customer, other: before.get(otherId ?? '') ?? other },
  }));
  await db.execute(sql.keepNames(JSON.stringify(rows)));
}

export const merged = (db: CompanyReader, customerId: string) => db.query<sql.MergedRow>(sql.merged(customerId));
