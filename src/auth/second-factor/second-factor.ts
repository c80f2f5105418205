import { randomUUID } from 'node:crypto';
import * as audit from '../../audit/audit.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import { endSignIns } from '../sign-ins/sign-ins.ts';
import { findUser } from '../users.ts';
import { tell } from './letters.ts';
import { makeCodes } from './recovery.ts';
import * as sql from './sql.ts';

export interface State {
  since: Date;
  /** recovery codes that were not used */
  left: number;
}

/** null: there is no second factor. */
export async function stateOf(db: PortalDb, userId: string): Promise<State | null> {
  const [row] = await db.query<sql.FactorRow>(sql.byUser(userId));
  return row ? { since: row.created_at, left: row.left } : null;
}

export interface Proved {
  sealed: string;
  /** of the code that proved it, which counts no second time */
  step: bigint;
  now: Date;
}

/**
 * Turns it on, or another authenticator takes the place of the one before. Everybody who is signed in as this person is signed out.
 * Answers the new recovery codes, to be shown once.
 */
export async function turnOn(db: PortalDb, userId: string, proved: Proved): Promise<string[]> {
  const user = await known(db, userId);
  const before = await stateOf(db, userId);
  await db.execute(sql.set({ userId, stamp: randomUUID(), ...proved }));
  const shown = await replaceCodes(db, userId);
  await endSignIns(db, userId, null);
  await audit.write(db, {
    userId,
    action: before ? 'secondFactor.changed' : 'secondFactor.on',
    subject: { id: userId },
  });
  await tell(db, user, before ? 'changed' : 'on');
  return shown;
}

/** New recovery codes; the ones before open nothing any more. */
export async function renewCodes(db: PortalDb, userId: string): Promise<string[]> {
  const user = await known(db, userId);
  const shown = await replaceCodes(db, userId);
  await audit.write(db, { userId, action: 'secondFactor.codes', subject: { id: userId } });
  await tell(db, user, 'codes');
  return shown;
}

export async function turnOff(db: PortalDb, userId: string): Promise<void> {
  const user = await known(db, userId);
  if ((await db.execute(sql.remove(userId))) === 0) return;
  await endSignIns(db, userId, null);
  await audit.write(db, { userId, action: 'secondFactor.off', subject: { id: userId } });
  await tell(db, user, 'off');
}

/**
 * Somebody else takes it away because the person lost it: an owner, an administrator, or the operator (`by` null). false: there was
 * none. The person is signed out everywhere, and told.
 */
export async function removeSecondFactor(
  db: PortalDb,
  userId: string,
  by: string | null,
  companyId?: string,
): Promise<boolean> {
  const user = await known(db, userId);
  if ((await db.execute(sql.remove(userId))) === 0) return false;
  await endSignIns(db, userId, null);
  const subject = { id: userId, email: user.email };
  await audit.write(db, { userId: by, action: 'secondFactor.removed', subject, ...(companyId ? { companyId } : {}) });
  await tell(db, user, 'removed');
  return true;
}

/** Whether an owner of the company may take it away: not from those who belong to other companies or to the portal as well. */
export async function isOnlyOf(db: PortalDb, userId: string, companyId: string): Promise<boolean> {
  return (await db.query(sql.isOnlyOf(userId, companyId))).length > 0;
}

/** Whether one of the person's companies wants it of all its members. */
export async function isWantedByCompany(db: PortalDb, userId: string): Promise<boolean> {
  const [row] = await db.query<{ company: boolean }>(sql.isWantedOf(userId));
  return row?.company === true;
}

async function replaceCodes(db: PortalDb, userId: string): Promise<string[]> {
  const { shown, kept } = await makeCodes();
  await db.execute(sql.clearCodes(userId));
  await db.execute(sql.insertCodes(userId, kept));
  return shown;
}

async function known(db: PortalDb, userId: string) {
  const user = await findUser(db, userId);
  if (!user) throw new Error('There is no such user');
  return user;
}
