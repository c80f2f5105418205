import * as notices from '../notices/notices.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Company } from '../tenancy/company.ts';
import type { Services } from '../web/services.ts';
import { clearFiles } from './endings.ts';
import * as sql from './sql.ts';

/**
 * Somebody was erased before this moment: files that were made, or begun, before that may hold them. They are thrown away, and those that
 * are being made are begun anew. Whoever works here is told.
 */
export async function dropFilesBefore(
  services: Pick<Services, 'tenancy' | 'files' | 'clock'>,
  company: Company,
  erasedAt: Date,
): Promise<void> {
  const again = await services.tenancy.inCompany(company, async (db) => {
    const dropped = await db.execute(sql.expireBefore(erasedAt));
    if (dropped > 0) {
      await notices.post(db, { userId: null, kind: 'files-dropped', data: { count: dropped, path: '/exports' } });
    }
    const begun = await db.query<sql.Stale>(sql.beginAgain(erasedAt));
    for (const { id } of begun) await enqueue(db, 'export.run', { exportId: id });
    return begun;
  });
  for (const { file_key: key } of again) if (key) await services.files.remove(key);
  await clearFiles(services, company, null);
}
