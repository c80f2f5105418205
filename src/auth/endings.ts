import type { Services } from '../web/services.ts';
import { clearSignIns } from './sign-ins/sign-ins.ts';
import * as sql from './sql.ts';

const DAYS = 30;

/** Links of letters that were used, withdrawn or too old 30 days ago go, and with them the addresses they were sent to; so do sign-ins that are over. */
export async function clearEnded({ tenancy, clock }: Pick<Services, 'tenancy' | 'clock'>): Promise<void> {
  const before = new Date(clock().getTime() - DAYS * 24 * 60 * 60_000);
  await tenancy.inPortal(async (db) => {
    await db.execute(sql.clearResets(before));
    await db.execute(sql.clearInvitations(before));
    await clearSignIns(db, clock());
  });
}
