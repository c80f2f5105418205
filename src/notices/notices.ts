import { newId } from '../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

interface Said {
  /** its words are `notices.kind.<kind>`, with `data` put in; one small word or several with hyphens */
  kind: string;
  /** what the words need; `path`, when there is one, is the address the notice leads to */
  data: Readonly<Record<string, string | number>>;
}

export interface NewNotice extends Said {
  /** null: for everybody in the company */
  userId: string | null;
}

/** A message in the cabinet: the bell of everybody concerned counts it until it is read. */
export async function post(db: CompanyDb, { userId, kind, data }: NewNotice): Promise<void> {
  await db.execute(sql.insert({ companyId: db.company.id, ids: [newId()], userIds: [userId], kind, data }));
}

/** The same from the portal, which has something to tell each of these people of a company. */
export async function postTo(db: PortalDb, companyId: string, userIds: readonly string[], said: Said): Promise<void> {
  if (userIds.length === 0) return;
  await db.execute(sql.insert({ ...said, companyId, ids: userIds.map(() => newId()), userIds }));
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
