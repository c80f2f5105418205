import type { PortalDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

// A session lasts twelve hours from its last use; that is written down every ten minutes, and when it was seen every five.
const LIVES = 12.25 * 60 * 60_000;

/** Where a user is signed in, as far as sessions last, the latest first. */
export const listSignIns = (db: PortalDb, userId: string, now: Date) =>
  db.query<sql.SignInRow>(sql.ofUser(userId, new Date(now.getTime() - LIVES)));

/** The next request of that session is refused. false: it is not there, or is somebody else's. */
export async function endSignIn(db: PortalDb, userId: string, id: string): Promise<boolean> {
  return (await db.execute(sql.end(userId, id))) > 0;
}

/** All of a user's, `but` one. Answers how many. */
export const endSignIns = (db: PortalDb, userId: string, but: string | null): Promise<number> =>
  db.execute(sql.endAll(userId, but));

/** Addresses of people are kept no longer than their sessions live. */
export async function clearSignIns(db: PortalDb, now: Date): Promise<void> {
  await db.execute(sql.clear(new Date(now.getTime() - LIVES)));
}
