import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';
import { DAYS_KEPT, erase } from './trash.ts';

const DAY = 86_400_000;
// Each batch holds up whoever decides in that company who is who.
const BATCH = 100;

/** In all companies: who was deleted longer ago than it can be taken back is forgotten. */
export async function expireDeleted({ tenancy, clock }: Pick<Services, 'tenancy' | 'clock'>): Promise<void> {
  const before = new Date(clock().getTime() - DAYS_KEPT * DAY);
  for (const company of await tenancy.companiesOfOperator()) {
    for (let erased = BATCH; erased === BATCH; ) {
      erased = await tenancy.inCompany(company, async (db) => {
        const rows = await db.query<{ id: string }>(sql.overdue(before, BATCH));
        return erase(
          db,
          rows.map(({ id }) => id),
          null,
        );
      });
    }
  }
}
