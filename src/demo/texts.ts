import * as consents from '../consents/consents.ts';
import { addDays, dayOf, hourOf } from '../kernel/time.ts';
import type { Price } from '../senders/senders.ts';
import * as senders from '../senders/senders.ts';
import * as sms from '../sms/sms.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import * as sql from './sql.ts';

const BIG = 'zatyshok';

/** Of one SMS, in millionths. */
const PRICES = [
  ['UA', 1_450_000n, 'UAH'],
  ['PL', 38_000n, 'EUR'],
  ['DE', 89_000n, 'EUR'],
  ['BG', 61_000n, 'EUR'],
  ['GB', 46_000n, 'EUR'],
] as const;

const DAYS_AGO = 9;

const AUTUMN =
  '{{first_name|Вітаємо}}, осінній розпродаж у «{{company}}»: -20 % на текстиль до неділі. Ваші замовлення: {{orders}}.';
const FRIDAY = '{{first_name|Вітаємо}}! Чорна п’ятниця в «{{company}}» — знижки до 40 %. Відмовитися: {{stop}}';

/** One campaign that is over, a draft, what people have said to SMS, and what SMS cost. May be called again after it was cut off. */
export async function writeTexts(tenancy: Tenancy, now: Date): Promise<void> {
  await tenancy.inPortal(setPrices);
  const company = await tenancy.companyOfOperator(BIG);
  if (!company) return;
  await tenancy.inCompany(company, async (db) => {
    const { campaigns } = await sms.drafts.list(db, ['group'], 1, null);
    if (campaigns.length > 0) return;
    await sayYesAndNo(db, now);
    await sendAutumn(db, company, now);
    await draft(db, 'Чорна п’ятниця', FRIDAY, 'segment=loyal');
  });
}

async function setPrices(db: PortalDb): Promise<void> {
  const prices = PRICES.map(([country, micros, currency]): Price => ({ channel: 'sms', country, micros, currency }));
  await senders.setPrices(db, prices, { replace: false, by: null });
}

/** The latest customers: most agreed at the till, a few said no, and one said STOP. */
async function sayYesAndNo(db: CompanyDb, now: Date): Promise<void> {
  const latest = (await db.query<{ phone: string }>(sql.numbersByLatest())).slice(0, 40);
  const at = new Date(now.getTime() - 30 * 86_400_000);
  const told = latest.map(({ phone }, n) => ({
    ...{ channel: 'sms' as const, addressKey: db.keyOfPhone(phone), granted: n % 9 !== 4, at },
    ...{ source: 'оформлення замовлення', wording: 'Надсилайте мені новини та знижки в SMS' },
  }));
  await consents.record(db, told, null);
  const [phone] = latest.slice(-1).map((one) => one.phone);
  if (!phone) return;
  const stop = { addressKey: db.keyOfPhone(phone), hint: phone.slice(-2), reason: 'stop' as const, userId: null };
  await consents.suppress(db, stop);
}

/** Nothing was really sent: what became of it is invented. */
async function sendAutumn(db: CompanyDb, { timezone }: Company, now: Date): Promise<void> {
  const at = hourOf(addDays(dayOf(now, timezone), -DAYS_AGO), 11, timezone);
  const id = await draft(db, 'Осінній розпродаж', AUTUMN, 'segment=loyal');
  await sms.launch(db, id, { userId: null, now: at, publicUrl: 'http://localhost' });
  for (const step of sql.pretendSent(id, at)) await db.execute(step);
}

const draft = (db: CompanyDb, name: string, body: string, filter: string): Promise<string> =>
  sms.drafts.create(
    db,
    { name, body, channel: 'sms', fallback: false, sender: null, whom: { filter }, scheduledAt: null, expiresAt: null },
    null,
  );
