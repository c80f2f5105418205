import type { Services } from '../web/services.ts';
import * as entry from './entry/sql.ts';
import { expire } from './requests/run.ts';

export { erase as eraseNumber } from './requests/erasure/erase.ts';
export { giveUp as giveUpRequest, run as runRequest } from './requests/run.ts';
export { tellPerson } from './tell/tell.ts';

/** Copies past their seven days, and codes and visits that open nothing any more. */
export async function clear(services: Services): Promise<void> {
  const now = services.clock();
  await services.tenancy.inPortal(async (db) => {
    await db.execute(entry.clearVisits(now));
    await db.execute(entry.clearCodes(now));
  });
  await expire(services);
}
