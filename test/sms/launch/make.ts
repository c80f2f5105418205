import { sql } from '../../../src/platform/db.ts';
import { launch, type Order } from '../../../src/sms/launch/launch.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { makeApp, type TestApp } from '../../make.ts';
import { NOON, PUBLIC_URL } from '../audience/make.ts';

export const POLISH = '+48512345678';

/** A portal at noon, where an SMS costs 1.50 UAH in Ukraine and 0.04 EUR in Poland. */
export async function openPortal(): Promise<TestApp> {
  const portal = await makeApp();
  portal.setNow(NOON);
  await portal.database.prisma.$executeRaw(sql`
    insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 1500000, 'UAH'), ('sms', 'PL', 40000, 'EUR')`);
  return portal;
}

export const start = (portal: TestApp, company: Company, id: string, order: Partial<Order> = {}) =>
  portal.tenancy.inCompany(company, (db) =>
    launch(db, id, { userId: null, now: NOON, publicUrl: PUBLIC_URL, ...order }),
  );

interface Row {
  address: string | null;
  body: string;
  parts: bigint;
  price_micros: bigint | null;
  state: string;
  reason: string | null;
  due_at: Date;
  code: string | null;
}

export const ledgerOf = (portal: TestApp, id: string) =>
  portal.database.prisma.$queryRaw<Row[]>(sql`
    select address, body, parts, price_micros, state, reason, due_at, code from delivery where campaign_id = ${id}::uuid order by address nulls last`);

/** `minor`: in the smallest unit of the company's money; null: none. */
export const setBudget = (portal: TestApp, company: Company, minor: number | null) =>
  portal.database.prisma.$executeRaw(sql`update company set sms_budget = ${minor} where id = ${company.id}::uuid`);
