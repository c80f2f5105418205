import { randomBytes } from 'node:crypto';
import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import { hashKey, type Scope } from '../tenancy/tenancy.ts';
import * as sql from './sql.ts';

export const SCOPES = ['ingest', 'read', 'consents', 'send'] as const satisfies readonly Scope[];

/** Only this answer ever holds the key: at rest there is its hash, and four characters to tell it by. */
export async function makeKey(db: PortalDb, wanted: sql.NewKey): Promise<{ id: string; key: string }> {
  const id = newId();
  const key = `clk_${randomBytes(32).toString('base64url')}`;
  await db.execute(sql.insert({ ...wanted, id, hash: hashKey(key), hint: key.slice(-4) }));
  const { companyId, name, scopes, userId } = wanted;
  await audit.write(db, { userId, action: 'key.made', subject: { id, name, scopes }, ...concerning(companyId) });
  return { id, key };
}

export const listKeys = (db: PortalDb, companyId: string | null) => db.query<sql.KeyRow>(sql.list(companyId));

/** null: there is none, it is another company's, or it is revoked already */
export async function findKey(db: PortalDb, companyId: string | null, id: string): Promise<sql.KeyRow | null> {
  return (await db.query<sql.KeyRow>(sql.find(companyId, id)))[0] ?? null;
}

/** It opens nothing from now on. false: there was no such key. */
export async function revokeKey(
  db: PortalDb,
  companyId: string | null,
  id: string,
  by: { userId: string | null; now: Date },
): Promise<boolean> {
  const revoked = await db.execute(sql.revoke(companyId, id, by.now));
  if (revoked === 0) return false;
  await audit.write(db, { userId: by.userId, action: 'key.revoked', subject: { id }, ...concerning(companyId) });
  return true;
}

const concerning = (companyId: string | null) => (companyId === null ? {} : { companyId });
