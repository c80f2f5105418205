import * as notices from '../notices/notices.ts';
import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import type { Company, Locale } from '../tenancy/company.ts';
import type { Needed } from './check.ts';
import { Stopped } from './check.ts';
import { clearFile } from './endings.ts';
import * as sql from './sql.ts';

interface Finished {
  counts: Partial<Record<sql.Outcome, number>>;
  user_id: string | null;
  file_name: string;
}

/** The import is over, and who wanted it is told in the cabinet and by e-mail, all at once. */
export async function deliver(services: Needed, company: Company, id: string, attempt: string): Promise<void> {
  await services.tenancy.inCompany(company, async (db) => {
    const [done] = await db.query<Finished>(sql.finishRun(id, attempt));
    if (!done) throw new Stopped();
    const { counts, user_id: userId, file_name: file } = done;
    if (userId === null) return;
    const count = Object.values(counts).reduce((sum, n) => sum + n, 0);
    const refused = counts.refused ?? 0;
    await notices.post(db, { userId, kind: 'import-done', data: { file, count, refused, path: `/imports/${id}` } });
    const [reader] = await db.query<{ email: string; locale: Locale }>(sql.reader(userId));
    if (!reader) return;
    const link = `${services.config.publicUrl}/imports/${id}`;
    await outbox.post(db, { to: reader.email, ...letter(reader.locale, company, file, link, counts) });
  });
  await clearFile(services, company, id);
}

function letter(locale: Locale, company: Company, file: string, link: string, counts: Finished['counts']) {
  const t = translator(locale);
  const numbers = Object.fromEntries(sql.OUTCOMES.map((outcome) => [outcome, counts[outcome] ?? 0]));
  return {
    subject: t('imports.letter.subject', { company: company.name }),
    text: t('imports.letter.text', { file, company: company.name, link, ...numbers }),
  };
}
