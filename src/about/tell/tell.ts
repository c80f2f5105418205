import { addDays, dayOf, hourOf } from '../../kernel/time.ts';
import * as outbox from '../../outbox/outbox.ts';
import { translator } from '../../platform/i18n.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';

/**
 * The first published review about a number is told to its person by SMS, once and for all, where the portal wants that
 * (`reviews.tellPerson`), and by day: at night it waits for the morning. The shared tables hold no number: it is asked of the
 * company that wrote the review.
 */
export async function tellPerson({ tenancy, config, clock }: Services, reviewId: string): Promise<void> {
  const [news] = await tenancy.inPortal((db) => db.query<sql.News>(sql.news(reviewId)));
  const company = news ? await tenancy.companyOfJob({ companyId: news.company_id }) : null;
  if (!news || !company) return;
  const now = clock();
  const at = byDay(now, company.timezone);
  if (at > now) return void (await tenancy.inPortal((db) => enqueue(db, 'review.tell', { reviewId }, at)));
  const phone = await tenancy.inCompany(company, async (db) => {
    const [contact] = await db.query<{ value: string }>(sql.numberOf(news.phone_key));
    return contact?.value ?? null;
  });
  if (phone === null) return;
  await tenancy.inPortal(async (db) => {
    const claimed = await db.query(sql.claimTelling(news.phone_key, now));
    if (claimed.length > 0) await outbox.postSms(db, { to: phone, text: words(company, config.publicUrl) });
  });
}

const [FIRST_HOUR, LAST_HOUR] = [9, 20];

/** This moment, where it is between 9:00 and 20:00 there; else the next 9:00. */
export function byDay(now: Date, zone: string): Date {
  const today = dayOf(now, zone);
  const morning = hourOf(today, FIRST_HOUR, zone);
  if (now < morning) return morning;
  return now < hourOf(today, LAST_HOUR, zone) ? now : hourOf(addDays(today, 1), FIRST_HOUR, zone);
}

/** In the language of the company that the person dealt with; which company that was, the page says. */
function words(company: Company, publicUrl: string): string {
  return translator(company.locale)('about.sms.told', { link: `${publicUrl}/about-me` });
}
