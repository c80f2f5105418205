import { rebuildRollup } from '../../src/identity/identity.ts';
import { newId } from '../../src/kernel/id.ts';
import { type Sql, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import type { Tenancy } from '../../src/tenancy/tenancy.ts';

/** A customer as its row says it: for tests of lists and filters, which only read rows. */
export interface Person {
  id: string;
  name: string;
  gender: 'female' | 'male' | null;
  region: string | null;
  orders: number;
  threads: number;
  /** threads of their own, not ones that belong to an order */
  ownThreads: number;
  unanswered: number;
  good: number;
  neutral: number;
  bad: number;
  /** minor units */
  sum: bigint;
  unconverted: { currency: string; amount: string }[];
  lastActivity: Date | null;
  lastOrder: Date | null;
  created: Date;
  phones: string[];
  emails: string[];
  /** ids; the tags themselves are the test's own */
  tags: string[];
  /** how many companies wrote about the first phone */
  reviews: number;
  /** of the first phone, to SMS */
  consent: 'yes' | 'no' | 'none';
}

export const person = (wishes: Partial<Person> = {}): Person => ({
  id: newId(),
  name: '',
  gender: null,
  region: null,
  orders: 0,
  threads: 0,
  ownThreads: wishes.threads ?? 0,
  unanswered: 0,
  good: 0,
  neutral: 0,
  bad: 0,
  sum: 0n,
  unconverted: [],
  lastActivity: null,
  lastOrder: null,
  created: new Date('2026-01-01T00:00:00Z'),
  phones: [],
  emails: [],
  tags: [],
  reviews: 0,
  consent: 'none',
  ...wishes,
});

export const activitiesOf = (someone: Person) => someone.orders + someone.ownThreads;

/** Stores them with their contacts, search texts and the rollup, as if orders and messages had brought them. */
export async function storePeople(tenancy: Tenancy, company: Company, people: readonly Person[]): Promise<void> {
  const rows = JSON.stringify(people.map(rowOf));
  const contacts = people.flatMap(({ id, phones, emails }) => [
    ...phones.map((value, position) => ({ id, kind: 'phone', value, position })),
    ...emails.map((value, position) => ({ id, kind: 'email', value, position })),
  ]);
  await tenancy.inCompany(company, async (db) => {
    await db.execute(insertCustomers(company.id, rows));
    await db.execute(insertContacts(company.id, JSON.stringify(contacts)));
    await db.execute(insertSearch(company.id));
    await countAgain(db);
  });
}

/** The rollup as it is after the company's zone or the rows have changed. */
export async function countAgain(db: CompanyDb): Promise<void> {
  await db.execute(sql`
    update customer set rollup_class = case when activities_count = 0 then 'none' when activities_count = 1 then 'one' else 'more' end`);
  await rebuildRollup(db);
}

const rowOf = (someone: Person) => ({
  id: someone.id,
  name: someone.name,
  name_folded: someone.name.toLowerCase(),
  gender: someone.gender,
  region: someone.region,
  created_at: someone.created,
  orders_count: someone.orders,
  threads_count: someone.threads,
  unanswered_count: someone.unanswered,
  activities_count: activitiesOf(someone),
  feedback_count: someone.good + someone.neutral + someone.bad,
  feedback_good: someone.good,
  feedback_neutral: someone.neutral,
  feedback_bad: someone.bad,
  sum_all: String(someone.sum),
  unconverted: someone.unconverted,
  first_activity_at: someone.lastActivity,
  last_activity_at: someone.lastActivity,
  last_order_at: someone.lastOrder,
  latest_at: someone.lastActivity ?? someone.created,
});

const insertCustomers = (companyId: string, rows: string): Sql => sql`
  insert into customer (company_id, id, name, name_folded, gender, region, created_at, orders_count, threads_count, unanswered_count,
    activities_count, feedback_count, feedback_good, feedback_neutral, feedback_bad, sum_all, unconverted, first_activity_at,
    last_activity_at, last_order_at, latest_at)
  select ${companyId}::uuid, id, name, name_folded, gender, region, created_at, orders_count, threads_count, unanswered_count,
    activities_count, feedback_count, feedback_good, feedback_neutral, feedback_bad, sum_all, unconverted, first_activity_at,
    last_activity_at, last_order_at, latest_at
  from jsonb_populate_recordset(null::customer, ${rows}::jsonb)`;

const insertContacts = (companyId: string, rows: string): Sql => sql`
  insert into contact (company_id, kind, value, customer_id, origin_id, given, position)
  select ${companyId}::uuid, kind, value, id, id, value, position
  from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, kind text, value text, position bigint)`;

const insertSearch = (companyId: string): Sql => sql`
  insert into customer_search (company_id, customer_id, text)
  select ${companyId}::uuid, c.id, ' ' || c.name_folded || coalesce((
    select string_agg(E'\n ' || ltrim(k.value, '+'), '') from contact k where k.company_id = c.company_id and k.customer_id = c.id), '')
  from customer c on conflict do nothing`;
