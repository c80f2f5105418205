import { drift } from '../../src/identity/identity.ts';
import { ingestFeedback, ingestMessages, ingestOrders, type Result } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { openDatabase, type Sql, sql } from '../../src/platform/db.ts';
import type { Company, CompanyRow } from '../../src/tenancy/company.ts';
import { openTenancy, type Tenancy } from '../../src/tenancy/tenancy.ts';
import { testDatabase } from '../setup/database.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

/** The moment at which everything in these tests is posted. */
export const NOW = new Date('2026-11-21T12:00:00Z');

export interface Portal {
  tenancy: Tenancy;
  close(): Promise<void>;
}

/** A database of the test file's own, and companies in it. */
export async function openPortal(connections?: number): Promise<Portal> {
  const own = await testDatabase();
  const database = openDatabase(own.url, connections);
  return {
    tenancy: openTenancy(database, () => {}, keyOfPhone),
    close: async () => {
      await database.close();
      await own.close();
    },
  };
}

/** A company with short names for what the tests do in it. */
export async function makeShop({ tenancy }: Portal, changes: Partial<CompanyRow> = {}) {
  const company = await makeCompany(tenancy, changes);
  const query = <Row>(statement: Sql) => tenancy.inCompany(company, (db) => db.query<Row>(statement));
  return {
    tenancy,
    company,
    query,
    execute: (statement: Sql) => tenancy.inCompany(company, (db) => db.execute(statement)),
    orders: (...items: unknown[]) => ingestOrders(tenancy, company, items, NOW),
    messages: (...items: unknown[]) => ingestMessages(tenancy, company, items, NOW),
    feedback: (...items: unknown[]) => ingestFeedback(tenancy, company, items, NOW),
    drift: () => tenancy.inCompany(company, drift),
    /** The customers one sees in the list, oldest first. */
    customers: () => query<CustomerRow>(sql`select * from customer where merged_into is null order by created_at, id`),
    /** The only customer there is. */
    only: async () => {
      const rows = await query<CustomerRow>(sql`select * from customer where merged_into is null`);
      if (rows.length !== 1) throw new Error(`${rows.length} customers, not one`);
      return rows[0] as CustomerRow;
    },
    contacts: () => query<ContactRow>(sql`select kind, value, given, customer_id from contact order by kind, value`),
  };
}

export type Shop = Awaited<ReturnType<typeof makeShop>>;

export interface CustomerRow {
  id: string;
  name: string;
  gender: string | null;
  region: string | null;
  orders_count: bigint;
  threads_count: bigint;
  unanswered_count: bigint;
  activities_count: bigint;
  feedback_count: bigint;
  feedback_good: bigint;
  feedback_neutral: bigint;
  feedback_bad: bigint;
  sum_all: bigint;
  sum_paid: bigint;
  sum_cancelled: bigint;
  sum_open: bigint;
  unconverted: { currency: string; amount: string }[];
  first_activity_at: Date | null;
  last_activity_at: Date | null;
  latest_at: Date;
  created_at: Date;
}

interface ContactRow {
  kind: string;
  value: string;
  given: string;
  customer_id: string;
}

async function makeCompany(tenancy: Tenancy, changes: Partial<CompanyRow>): Promise<Company> {
  const id = newId();
  const row = { country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv', identity: 'automatic', ...changes };
  await tenancy.inPortal((db) =>
    db.execute(sql`
      insert into company (id, slug, name, country, currency, timezone, identity)
      values (${id}::uuid, ${id}, 'Shop', ${row.country}, ${row.currency}, ${row.timezone}, ${row.identity})`),
  );
  const company = await tenancy.companyOfOperator(id);
  if (!company) throw new Error('The company just made is not there');
  return company;
}

export function makeRate({ tenancy }: Portal, from: string, to: string, day: string, rate: string) {
  return tenancy.inPortal((db) =>
    db.execute(sql`
      insert into exchange_rate (from_currency, to_currency, day, rate) values (${from}, ${to}, ${day}::date, ${rate}::numeric)`),
  );
}

export const order = (externalId: string, customer: object, changes: object = {}) => ({
  externalId,
  placedAt: '2026-11-01T10:00:00Z',
  currency: 'UAH',
  total: '10.00',
  customer,
  ...changes,
});

export const message = (externalId: string, customer: object, changes: object = {}) => ({
  externalId,
  sentAt: '2026-11-02T10:00:00Z',
  text: 'Is it in stock?',
  customer,
  ...changes,
});

export const feedback = (externalId: string, customer: object, changes: object = {}) => ({
  externalId,
  writtenAt: '2026-11-03T10:00:00Z',
  rating: 5,
  text: 'Good',
  customer,
  ...changes,
});

export const statuses = (results: Result[]) => results.map((result) => result.status);
export const customerIds = (results: Result[]) => results.map((result) => result.customerId);
export const NO_DRIFT = { customers: 0, days: 0, uncounted: 0 };

/** Every row of the company's tables as text, with the transaction that wrote it, to tell that nothing has changed. */
export const dump = (shop: Shop) => shop.query<{ name: string; row: string; written: string }>(EVERYTHING);

const EVERYTHING = sql`
  select 'customer' as name, customer::text as row, xmin::text as written from customer
  union all select 'contact', contact::text, xmin::text from contact
  union all select 'arrival', arrival::text, xmin::text from arrival
  union all select 'evidence', evidence::text, xmin::text from evidence
  union all select 'orders', orders::text, xmin::text from orders
  union all select 'item', order_item::text, xmin::text from order_item
  union all select 'message', message::text, xmin::text from message
  union all select 'feedback', feedback::text, xmin::text from feedback
  union all select 'merge', customer_merge::text, xmin::text from customer_merge
  union all select 'duplicate', duplicate::text, xmin::text from duplicate
  union all select 'rollup', activity_rollup::text, xmin::text from activity_rollup
  union all select 'search', customer_search::text, xmin::text from customer_search
  order by name, row`;
