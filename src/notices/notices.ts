import { newId } from '../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export interface NewNotice {
  /** null: for everybody in the company */
  userId: string | null;
  /** its words are `notices.kind.<kind>`, with `data` put in; one small word or several with hyphens */
  kind: string;
  /** what the words need; `path`, when there is one, is the address the notice leads to */
  data: Readonly<Record<string, string | number>>;
}

/** A message in the cabinet: the bell of everybody concerned counts it until it is read. */
export async function post(db: CompanyDb, notice: NewNotice): Promise<void> {
  await db.execute(sql.insert({ ...notice, companyId: db.company.id, id: newId() }));
}

/** The same from the portal, which has something to tell a company. */
export async function postTo(db: PortalDb, companyId: string, notice: NewNotice): Promise<void> {
  await db.execute(sql.insert({ ...notice, companyId, id: newId() }));
}

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. */
export async function list(db: CompanyDb, userId: string, per: number, before: string | null) {
  const rows = await db.query<sql.NoticeRow>(sql.list(userId, per + 1, before));
  return { notices: rows.slice(0, per), more: rows.length > per };
}

export type { NoticeRow } from './sql.ts';

/** false: there is no such notice for this person. */
export async function markRead(db: CompanyDb, userId: string, id: string, now: Date): Promise<boolean> {
  return (await db.execute(sql.markRead(userId, id, now))) > 0;
}

export async function markAllRead(db: CompanyDb, userId: string, now: Date): Promise<void> {
  await db.execute(sql.markAllRead(userId, now));
}
