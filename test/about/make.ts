import { ingestFeedback, ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { phoneHint } from '../../src/kernel/phone-key.ts';
import { sql } from '../../src/platform/db.ts';
import * as reviews from '../../src/reviews/reviews.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { type TestApp, Visitor } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

let numbers = 0;
/** A Ukrainian mobile number that no other test has. */
export const newPhone = () => `+38067${String(1_000_000 + ++numbers).padStart(7, '0')}`;

/** The SMS to one number, newest first. */
export const smsTo = ({ database }: TestApp, phone: string): Promise<{ body: string; state: string }[]> =>
  database.prisma.$queryRaw(
    sql`select body, state from outbox where channel = 'sms' and address = ${phone} order by created_at desc, id desc`,
  );

export async function codeTo(portal: TestApp, phone: string): Promise<string> {
  const [sms] = await smsTo(portal, phone);
  return /\b\d{6}\b/.exec(sms?.body ?? '')?.[0] ?? '';
}

/** Names the number; what is answered is the answer to that form. */
export async function name(visitor: Visitor, phone: string, country = '') {
  await visitor.get('/about-me');
  return visitor.post('/about-me', { country, phone });
}

/** Somebody who has proved the number, and looks at its page. */
export async function prove(portal: TestApp, phone: string, visitor = new Visitor(portal)): Promise<Visitor> {
  await name(visitor, phone);
  await visitor.get('/about-me/code');
  const { status, headers } = await visitor.post('/about-me/code', { code: await codeTo(portal, phone) });
  if (status !== 303 || headers.location !== '/about-me') throw new Error(`The code was answered ${status}`);
  await visitor.get('/about-me');
  return visitor;
}

interface Wishes {
  sentiment?: 'positive' | 'neutral' | 'negative';
  reason?: reviews.Reason;
  text?: string;
  anonymous?: boolean;
  at?: Date;
}

/** A published review of this company about the number; answers its id. */
export async function publish(portal: TestApp, company: Company, phone: string, wishes: Wishes = {}): Promise<string> {
  const { sentiment = 'negative', reason = 'refused_parcel', text = 'Did not come', anonymous = false } = wishes;
  const at = wishes.at ?? new Date();
  const [id, revision, phoneKey] = [newId(), newId(), keyOfPhone(phone)];
  await portal.tenancy.inCompany(company, async ({ tables }) => {
    const companyId = company.id;
    await tables.ownReview.create({ data: { companyId, id, phoneKey, phoneHint: phoneHint(phone), createdAt: at } });
    await tables.reviewRevision.create({
      data: { companyId, id: revision, reviewId: id, sentiment, reason, text, anonymous, createdAt: at },
    });
  });
  const wanted = { kind: 'revision', subjectId: revision, reviewId: id, phoneKey, userId: null, now: at } as const;
  await portal.tenancy.inCompany(company, (db) => reviews.submitCase(db, wanted));
  const published = await portal.tenancy.inPortal((db) => reviews.publishRevision(db, revision, { now: at }));
  if (!published) throw new Error('The review was not published');
  return id;
}

export interface Said {
  phones?: string[];
  emails?: string[];
  name?: string;
}

let arrivals = 0;

/** An order of somebody; answers its id and its customer's. */
export async function buy(portal: TestApp, company: Company, customer: Said, now = new Date()) {
  const items = [{ sku: 'L-1', name: 'Lamp', quantity: 2, unitPrice: '50.25' }];
  const [result] = await ingestOrders(
    portal.tenancy,
    company,
    [
      {
        externalId: `o-${++arrivals}`,
        placedAt: now.toISOString(),
        currency: company.currency,
        items,
        customer,
        delivery: { method: 'courier', address: 'Khreshchatyk 1, Kyiv' },
      },
    ],
    now,
  );
  if (!result?.id || !result.customerId) throw new Error(`The order was ${result?.status}`);
  return { id: result.id, customerId: result.customerId, externalId: String(result.externalId) };
}

/** A message and a feedback. */
export async function write(portal: TestApp, company: Company, customer: Said, text: string) {
  const now = new Date();
  const at = now.toISOString();
  const [m, f] = [`m-${++arrivals}`, `f-${arrivals}`];
  await ingestMessages(portal.tenancy, company, [{ externalId: m, sentAt: at, customer, text }], now);
  await ingestFeedback(portal.tenancy, company, [{ externalId: f, writtenAt: at, customer, rating: 2, text }], now);
}

/** Every table in which the text stands. */
export async function tablesWith({ database: { pool } }: TestApp, text: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const hits = await pool.query(`select 1 from ${name} t where strpos(t::text, $1) > 0 limit 1`, [text]);
    if (hits.rowCount) found.push(name);
  }
  return found;
}

/** Asks for it as the page does, and lets it be done; answers the page. */
export async function ask(portal: TestApp, person: Visitor, what: 'copy' | 'erasure') {
  if (what === 'erasure') await person.get('/about-me/erasure');
  const { status, headers } = await person.post(`/about-me/${what}`);
  if (status !== 303 || headers.location !== '/about-me') throw new Error(`The request was answered ${status}`);
  await portal.runJobs();
  return person.get('/about-me');
}
