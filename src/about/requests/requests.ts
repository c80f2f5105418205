import * as audit from '../../audit/audit.ts';
import { newId } from '../../kernel/id.ts';
import { phoneHint } from '../../kernel/phone-key.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { Counts, Kind, RequestRow } from './sql.ts';

export type Latest = Record<sql.Kind, sql.RequestRow | null>;

export async function latest(db: PortalDb, phoneKey: string): Promise<Latest> {
  const rows = await db.query<sql.RequestRow>(sql.latest(phoneKey));
  const of = (kind: sql.Kind) => rows.find((row) => row.kind === kind) ?? null;
  return { copy: of('copy'), erasure: of('erasure') };
}

/** Until the end of the transaction nobody else writes for this number. */
export async function lock(db: PortalDb, phoneKey: string): Promise<void> {
  await db.query(sql.lockNumber(phoneKey));
}

/** A copy or the erasure of what companies keep of the number; a job does it. false: the same is being done already. */
export async function ask(
  db: PortalDb,
  { phone, phoneKey, kind, now }: { phone: string; phoneKey: string; kind: sql.Kind; now: Date },
): Promise<boolean> {
  await lock(db, phoneKey);
  const [row] = await db.query<{ id: string }>(sql.insert(newId(), kind, phoneKey, phone, now));
  if (!row) return false;
  await audit.write(db, {
    userId: null,
    action: `person.${kind}`,
    subject: { request: row.id, hint: phoneHint(phone) },
  });
  await enqueue(db, 'person.request', { requestId: row.id });
  return true;
}

export interface Takeable {
  /** of the request */
  id: string;
  key: string;
  at: Date;
}

/** The file of the newest copy that can still be taken. */
export async function takeable(db: PortalDb, phoneKey: string, now: Date): Promise<Takeable | null> {
  const [row] = await db.query<{ id: string; file_key: string; done_at: Date }>(sql.file(phoneKey, now));
  return row ? { id: row.id, key: row.file_key, at: row.done_at } : null;
}

/** Writes down that the person has the copy from here on. */
export const noteTaken = (db: PortalDb, { id }: Takeable, phone: string): Promise<void> =>
  audit.write(db, { userId: null, action: 'person.taken', subject: { request: id, hint: phoneHint(phone) } });
