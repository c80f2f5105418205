import { expect } from '@jest/globals';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { publishRevision } from '../../src/reviews/reviews.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';

let count = 3_000_000;
/** A number that nobody else uses. */
export const nextPhone = () => `+38067${++count}`;

interface Person {
  phones: string[];
  name?: string;
  emails?: string[];
}

/** An order of this person, by the portal's key unless wished otherwise; answers the customer's id. */
export async function ordered(
  { tenancy, services }: TestApp,
  company: Company,
  customer: Person,
  { at = new Date(services.clock().getTime() - 60_000), portal = true, externalId = newId() } = {},
): Promise<string> {
  const order = { externalId, placedAt: at.toISOString(), currency: company.currency, total: '10.00', customer };
  const [result] = await ingestOrders(tenancy, company, [order], services.clock(), portal);
  expect(result?.errors).toEqual([]);
  return result?.customerId ?? '';
}

export interface Seller {
  company: Company;
  owner: Visitor;
  /** the customer that has the number */
  customer: string;
  tab: string;
}

/** A company with one order of this person. */
export async function seller(portal: TestApp, person: Person, name?: string): Promise<Seller> {
  const company = await makeCompany(portal, name === undefined ? {} : { name });
  const customer = await ordered(portal, company, person);
  return { company, owner: await memberOf(portal, company), customer, tab: `/customers/${customer}/reviews` };
}

export const bad = {
  sentiment: 'negative',
  reason: 'refused_parcel',
  text: 'Ordered twice by cash on delivery and took neither parcel.',
};
export const good = { sentiment: 'positive', reason: 'pays_promptly', text: '', anonymous: 'on' };

/** Writes through the form. */
export async function write({ owner, tab }: Seller, phone: string, said: Record<string, string> = bad): Promise<void> {
  await owner.get(`${tab}/new`);
  const answer = await owner.post(tab, { phone, ...said });
  expect([answer.status, answer.headers.location]).toEqual([303, tab]);
}

/** The moderator's part, of everything that waits. Answers the ids of the reviews. */
export async function publishAll({ tenancy, services }: TestApp): Promise<string[]> {
  return tenancy.inPortal(async (db) => {
    const ids: string[] = [];
    const waiting = await db.query<{ id: string; caseId: string }>(
      sql`select subject_id as id, id as "caseId" from moderation_case where kind = 'revision' and decision is null order by created_at, id`,
    );
    for (const { id, caseId } of waiting) {
      await db.execute(
        sql`update moderation_case set decision = 'published', decided_at = now() where id = ${caseId}::uuid`,
      );
      const published = await publishRevision(db, id, { now: services.clock() });
      if (published) ids.push(published.reviewId);
    }
    return ids;
  });
}

/** The words of a page, without its tags and without what comes before its main part. */
export const words = (html: string): string =>
  html
    .slice(html.indexOf('<main'))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
