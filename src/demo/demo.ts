import { createCompany, listCompanies, newCompany } from '../companies/companies.ts';
import { askSearch } from '../duplicates/duplicates.ts';
import { ingestFeedback, ingestMessages, ingestOrders, type Result } from '../ingest/ingest.ts';
import { dayOf } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import type { Services } from '../web/services.ts';
import { makeFeedback, makeMessages } from './conversations.ts';
import { makeOrders } from './orders.ts';
import { makePeople, type Person } from './people.ts';
import { openRandom } from './random.ts';
import { setRates } from './rates.ts';
import { writeReviews } from './reviews.ts';
import type { Shop } from './shop.ts';
import { gartenhaus } from './shops/gartenhaus.ts';
import { lampka } from './shops/lampka.ts';
import { zatyshok } from './shops/zatyshok.ts';
import * as sql from './sql.ts';
import { hireStaff } from './staff.ts';
import { writeTexts } from './texts.ts';

export { type DemoSignIn, demoSignIns } from './staff.ts';

/** Makes the demo marketplace where there is nothing yet. true: it was made now, and its sign-ins are worth printing. */
export const ensureDemo = ({ tenancy, clock }: Pick<Services, 'tenancy' | 'clock'>): Promise<boolean> =>
  seedDemo(tenancy, clock());

const SHOPS = [zatyshok, gartenhaus, lampka];

/**
 * Fills an empty portal with three companies, their people, 18 months of orders, messages and feedback, and exchange rates; the
 * same ones every time, but for `now`. Everything comes in as it would over the API. false: the portal holds something already.
 * The users come last, so that a seeding which was cut off is taken up again.
 */
export async function seedDemo(tenancy: Tenancy, now: Date): Promise<boolean> {
  if (!(await tenancy.inPortal((db) => openShops(db, now)))) return false;
  const crowd = new Map<Shop, Person[]>();
  for (const shop of SHOPS) {
    const company = await tenancy.companyOfOperator(shop.slug);
    if (company) crowd.set(shop, await fill(tenancy, company, shop, crowd.get(zatyshok) ?? [], now));
  }
  await writeReviews(tenancy, now);
  await writeTexts(tenancy, now);
  return tenancy.inPortal(async (db) => {
    if (!(await isUntouched(db))) return false;
    await hireStaff(db);
    return true;
  });
}

/** false: the portal is in use */
async function openShops(db: PortalDb, now: Date): Promise<boolean> {
  if (!(await isUntouched(db))) return false;
  const there = (await listCompanies(db)).map((company) => company.slug);
  for (const shop of SHOPS) {
    if (!there.includes(shop.slug)) await createCompany(db, newCompany.parse(shop), null);
  }
  await setRates(db, dayOf(now, 'UTC'));
  return true;
}

/** Holds the lock until the end of the transaction. */
async function isUntouched(db: PortalDb): Promise<boolean> {
  await db.query(sql.lockDemo());
  const [row] = await db.query<{ users: number }>(sql.countUsers());
  const companies = await listCompanies(db);
  return row?.users === 0 && companies.every(({ slug }) => SHOPS.some((shop) => shop.slug === slug));
}

const BATCH = 1000;

/** Answers the shop's people. Some buy at several shops: the neighbours' people of this shop's language come too. */
async function fill(tenancy: Tenancy, company: Company, shop: Shop, neighbours: readonly Person[], now: Date) {
  const random = openRandom(shop.seed);
  const visitors = neighbours.filter((person) => person.culture === shop.home).slice(0, 20);
  const own = makePeople(random, shop.firstPerson, shop.buyers + shop.writers - visitors.length, shop.mix);
  const buyers = [...visitors, ...own.slice(0, shop.buyers - visitors.length)];
  const writers = own.slice(shop.buyers - visitors.length);
  const orders = makeOrders(random, shop, buyers, now);
  const messages = makeMessages(random, shop, writers, orders, now);
  const feedback = makeFeedback(random, shop, orders, now);
  const bodies = orders.map((order) => order.body);
  await inBatches(bodies, (batch) => ingestOrders(tenancy, company, batch, now, true));
  await inBatches(messages, (batch) => ingestMessages(tenancy, company, batch, now, true));
  await inBatches(feedback, (batch) => ingestFeedback(tenancy, company, batch, now));
  await tenancy.inCompany(company, askSearch);
  return own;
}

async function inBatches(
  items: readonly object[],
  ingest: (batch: readonly object[]) => Promise<Result[]>,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    const results = await ingest(items.slice(start, start + BATCH));
    const refused = results.find((result) => result.status === 'rejected');
    if (refused) throw new Error(`the demo's ${refused.externalId} was refused: ${JSON.stringify(refused.errors)}`);
  }
}
