import { ingestFeedback, ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { type Database, openDatabase, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { openTenancy, type Tenancy } from '../../src/tenancy/tenancy.ts';
import { testDatabase } from '../setup/database.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

export interface TwoCompanies {
  database: Database;
  tenancy: Tenancy;
  a: Company;
  b: Company;
  close(): Promise<void>;
}

/** Two companies that both have at least one row in every table that can hold a company's row. */
export async function twoCompanies(connections = 4): Promise<TwoCompanies> {
  const test = await testDatabase();
  const database = openDatabase(test.url, connections);
  const tenancy = openTenancy(database, () => {}, keyOfPhone);
  const close = async () => {
    await database.close();
    await test.close();
  };
  return { database, tenancy, ...(await fillTwo(tenancy)), close };
}

/** The two, alpha and beta, in a database that has neither. */
export async function fillTwo(tenancy: Tenancy): Promise<Pick<TwoCompanies, 'a' | 'b'>> {
  const [a, b] = [await makeCompany(tenancy, 'alpha'), await makeCompany(tenancy, 'beta')];
  for (const company of [a, b]) await fill(tenancy, company);
  return { a, b };
}

async function makeCompany(tenancy: Tenancy, slug: string): Promise<Company> {
  const data = {
    id: newId(),
    slug,
    name: slug,
    country: 'UA',
    currency: 'UAH',
    timezone: 'Europe/Kyiv',
    identity: 'ask',
  };
  await tenancy.inPortal((db) => db.tables.company.create({ data }));
  const company = await tenancy.companyOfOperator(slug);
  if (!company) throw new Error(`company ${slug} was not made`);
  return company;
}

async function fill(tenancy: Tenancy, company: Company): Promise<void> {
  const now = new Date();
  const [first, second] = [
    { phones: ['067 123 45 67'], name: 'One' },
    { emails: ['two@example.com'], name: 'Two' },
  ];
  const order = (externalId: string, customer: object) => ({
    externalId,
    placedAt: new Date(now.getTime() - 3_600_000).toISOString(),
    currency: 'UAH',
    items: [{ name: 'Cup', quantity: 1, unitPrice: '10.00' }],
    customer,
  });
  const both = { phones: first.phones, emails: second.emails };
  await ingestOrders(tenancy, company, [order('1', first), order('2', second), order('3', both)], now);
  const sentAt = now.toISOString();
  await ingestMessages(tenancy, company, [{ externalId: 'm', sentAt, customer: first, text: 'Hello' }], now);
  await ingestFeedback(tenancy, company, [{ externalId: 'f', writtenAt: sentAt, customer: first, rating: 5 }], now);
  await fillTheRest(tenancy, company);
}

async function fillTheRest(tenancy: Tenancy, company: Company): Promise<void> {
  const [user, row, at] = [newId(), newId(), new Date()];
  await tenancy.inPortal(async ({ tables }) => {
    await tables.user.create({ data: { id: user, email: `${company.slug}@example.com`, name: company.slug } });
    const data = { id: newId(), companyId: company.id, name: 'key', keyHash: newId(), hint: 'abcd', scopes: ['read'] };
    await tables.apiKey.create({ data });
    const sender = await tables.sender.create({ data: { id: newId(), address: company.slug } });
    await tables.companySender.create({ data: { companyId: company.id, senderId: sender.id } });
  });
  await disputed(tenancy, company);
  await tenancy.inCompany(company, async (db) => {
    const [companyId, one] = [company.id, await db.query<{ id: string }>(sql`select id from customer order by id`)];
    const [survivorId, mergedId] = [one[0]?.id ?? '', one[1]?.id ?? ''];
    await db.tables.membership.create({ data: { companyId, userId: user, role: 'owner' } });
    await db.tables.invitation.create({
      data: { companyId, id: row, email: 'new@example.com', role: 'viewer', tokenHash: newId(), expiresAt: at },
    });
    await db.tables.customerMerge.create({ data: { companyId, id: row, survivorId, mergedId } });
    await db.tables.export.create({ data: { companyId, id: row, userId: user, format: 'csv' } });
    await db.tables.exportDownload.create({ data: { companyId, id: row, exportId: row, userId: user } });
    await db.tables.notice.create({ data: { companyId, id: row, kind: 'test' } });
    await fillTheList(db, user, survivorId, mergedId);
    await db.execute(
      sql`insert into audit_entry (id, company_id, action) values (${newId()}::uuid, ${companyId}::uuid, 'test')`,
    );
    await db.execute(sql`insert into job (id, company_id, name) values (${newId()}::uuid, ${companyId}::uuid, 'test')`);
    await db.execute(sql`
      insert into outbox (id, company_id, channel, address, body) values (${newId()}::uuid, ${companyId}::uuid, 'email', 'x@example.com', '')`);
  });
}

/** Everything around the list of customers: what people saved, tagged, changed, decided, imported and wrote. */
async function fillTheList(db: CompanyDb, user: string, one: string, other: string): Promise<void> {
  const [company, row, at, key] = [db.company.id, newId(), new Date().toISOString(), 'key of a number'];
  const [order] = await db.query<{ id: string }>(sql`select id from orders limit 1`);
  const statements = [
    sql`insert into customer_change (company_id, id, customer_id, user_id, action) values (${company}::uuid, ${row}::uuid, ${one}::uuid, ${user}::uuid, 'edited')`,
    sql`insert into decision (company_id, id, step_id, kind, customer_id, other_id) values (${company}::uuid, ${row}::uuid, ${row}::uuid, 'apart', ${one}::uuid, ${other}::uuid)`,
    sql`insert into duplicate_search (company_id) values (${company}::uuid)`,
    sql`insert into shared_proposal (company_id, id, kind, value, names) values (${company}::uuid, ${row}::uuid, 'email', 'info@example.com', 7)`,
    sql`insert into trash_contact (company_id, customer_id, kind, value) values (${company}::uuid, ${one}::uuid, 'email', 'gone@example.com')`,
    sql`insert into segment (company_id, id, name) values (${company}::uuid, ${row}::uuid, 'Regulars')`,
    sql`insert into tag (company_id, id, name, name_folded) values (${company}::uuid, ${row}::uuid, 'VIP', 'vip')`,
    sql`insert into customer_tag (company_id, customer_id, tag_id) values (${company}::uuid, ${one}::uuid, ${row}::uuid)`,
    sql`insert into order_tag (company_id, order_id, tag_id) values (${company}::uuid, ${order?.id ?? ''}::uuid, ${row}::uuid)`,
    sql`insert into bulk (company_id, id, action, asked_at) values (${company}::uuid, ${row}::uuid, 'tag', ${at}::timestamptz)`,
    sql`insert into bulk_change (company_id, bulk_id, customer_id) values (${company}::uuid, ${row}::uuid, ${one}::uuid)`,
    sql`insert into import (company_id, id, file_name, format) values (${company}::uuid, ${row}::uuid, 'people.csv', 'csv')`,
    sql`insert into import_row (company_id, import_id, line, cells) values (${company}::uuid, ${row}::uuid, 1, '[]')`,
    sql`insert into dealing (company_id, phone_key, by_portal, first_at, last_at) values (${company}::uuid, ${key}, true, ${at}::timestamptz, ${at}::timestamptz) on conflict do nothing`,
    sql`insert into review_look (company_id, phone_key) values (${company}::uuid, ${key})`,
    sql`insert into own_review (company_id, id, phone_key, phone_hint) values (${company}::uuid, ${row}::uuid, ${key}, '67')`,
    sql`insert into review_revision (company_id, id, review_id, sentiment, reason, text) values (${company}::uuid, ${row}::uuid, ${row}::uuid, 'positive', 'prompt', 'Pays at once')`,
    sql`insert into consent (company_id, channel, address_key, granted, at, source) values (${company}::uuid, 'sms', ${key}, true, ${at}::timestamptz, 'checkout')`,
    sql`insert into consent_record (company_id, id, channel, address_key, granted, at, source) values (${company}::uuid, ${row}::uuid, 'sms', ${key}, true, ${at}::timestamptz, 'checkout')`,
    sql`insert into suppression (company_id, address_key, reason, hint) values (${company}::uuid, ${key}, 'stop', '67')`,
    sql`insert into inbound (company_id, sid, kind) values (${company}::uuid, ${row}, 'stop')`,
    sql`insert into campaign (company_id, id, name, body) values (${company}::uuid, ${row}::uuid, 'Sale', 'Come')`,
    sql`insert into delivery (company_id, id, campaign_id, customer_id, channel, address) values (${company}::uuid, ${row}::uuid, ${row}::uuid, ${one}::uuid, 'sms', '+380671234567')`,
    sql`insert into erasure (company_id, id, keys) values (${company}::uuid, ${row}::uuid, array[${key}])`,
    sql`insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id) values (${row}::uuid, 'revision', ${row}::uuid, ${row}::uuid, ${key}, ${company}::uuid)`,
  ];
  for (const statement of statements) await db.execute(statement);
}

/** A published review that the company has disputed. */
async function disputed(tenancy: Tenancy, company: Company): Promise<void> {
  const [review, at] = [newId(), new Date()];
  await tenancy.inPortal(async ({ tables }) => {
    const said = { sentiment: 'positive', reason: 'prompt', text: 'Pays at once', dealtAt: at, publishedAt: at };
    await tables.review.create({ data: { id: review, phoneKey: 'key of a number', phoneHint: '67', ...said } });
    await tables.dispute.create({ data: { id: newId(), reviewId: review, companyId: company.id, text: 'Not true' } });
  });
}
