import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { ingestFeedback } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { routes } from '../../src/routes.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { exported } from '../exports/make.ts';
import { apiKey, makeApp, makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';
import { publishReview, type Written, writeReview } from '../moderation/make.ts';
import { bad, nextPhone, ordered } from '../reviews/make.ts';

// A review that the reader may not see changes no status, body, count or order of anything: every page and call of the reader,
// before and after others wrote what is not for it.

let portal: TestApp;
let reader: Company;
let owner: Visitor;
let key: string;
/** by what the reader has to do with their numbers */
let customers: Record<'dealt' | 'onlyFeedback' | 'beyondBudget' | 'objecting', { id: string; phone: string }>;

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(new Date());
  reader = await makeCompany(portal);
  owner = await memberOf(portal, reader);
  key = await apiKey(portal, reader);
  customers = {
    dealt: await customer(true),
    onlyFeedback: await onlyFeedback(),
    beyondBudget: await customer(false, 50),
    objecting: await customer(true),
  };
}, 60_000);
afterAll(() => portal.close());

async function customer(byPortal: boolean, before = 0) {
  for (let n = 0; n < before; n++) await ordered(portal, reader, { phones: [nextPhone()] }, { portal: false });
  const phone = nextPhone();
  return { phone, id: await ordered(portal, reader, { phones: [phone], name: 'Somebody' }, { portal: byPortal }) };
}

async function onlyFeedback() {
  const [phone, now] = [nextPhone(), portal.services.clock()];
  const item = { externalId: newId(), writtenAt: now.toISOString(), customer: { phones: [phone] }, rating: 4 };
  const [result] = await ingestFeedback(portal.tenancy, reader, [item], now);
  return { phone, id: result?.customerId ?? '' };
}

const LISTS = [
  '/customers?per=100',
  '/customers?where=reviews:gte:1',
  '/customers?where=reviews:eq:0',
  '/customers?where=reviews:lt:1&sort=name&per=100',
  '/customers/total?where=reviews:gte:1',
  '/customers?q=Somebody&where=reviews:eq:0',
];
const CALLS = ['?per=100', '?where=reviews:gte:1', '?where=reviews:eq:0'];

/** Everything the reader can ask, with its answers. */
async function everything(missing: string): Promise<Record<string, string>> {
  const ids = Object.values(customers).map(({ id }) => id);
  const pages = routes.filter(({ method, permission }) => method === 'GET' && /^customers:/.test(permission));
  const paths = pages.flatMap(({ path, ids: kinds = {} }) => {
    if (Object.entries(kinds).some(([, kind]) => kind !== 'customer' && kind !== 'review' && kind !== 'ownReview'))
      return [];
    const named = Object.keys(kinds).includes('review') ? path.replace(':review', missing) : path;
    return named.includes(':') ? ids.map((id) => named.replace(/:\w+/, id)) : [named];
  });
  const answers: Record<string, string> = {};
  for (const path of [...paths, ...LISTS]) {
    const { status, text, headers } = await owner.get(path);
    answers[path.replace(missing, 'REVIEW')] = neutral(`${status} ${headers.location ?? ''} ${text}`, missing);
  }
  for (const query of [...CALLS, ...ids.map((id) => `/${id}`)]) {
    const call = await request(portal.app)
      .get(`/api/v1/companies/${reader.slug}/customers${query}`)
      .set('Authorization', `Bearer ${key}`);
    answers[`api ${query}`] = `${call.status} ${call.text}`;
  }
  for (const id of ids) {
    const dispute = await owner.post(`/customers/${id}/reviews/${missing}/dispute`, { text: 'Not true.' });
    answers[`dispute ${id}`] = neutral(`${dispute.status} ${dispute.text}`, missing);
  }
  const unproved = customers.onlyFeedback;
  const wrote = await owner.post(`/customers/${unproved.id}/reviews`, { phone: unproved.phone, ...bad });
  answers.write = neutral(`${wrote.status} ${wrote.text}`, missing);
  answers.export = JSON.stringify(await exported(portal, reader));
  return answers;
}

const neutral = (text: string, missing: string) =>
  text
    .replaceAll(missing, 'REVIEW')
    .replace(/(nonce|value|content)="[^"]{20,}"/g, '$1=""')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}(?=<\/code>)/g, 'ID');

test('P-83 reviews by others that wait, have no dealing, are objected to, were taken back or lie beyond the budget change nothing', async () => {
  const before = await everything(newId());
  expect(Object.keys(before).length).toBeGreaterThan(40);
  const others = await Promise.all([1, 2, 3].map(() => makeCompany(portal)));
  const [one, two, three] = others as [Company, Company, Company];
  const written: Written[] = [await writeReview(portal, one, { phone: customers.dealt.phone })];
  const back = await publishReview(portal, two, { phone: customers.dealt.phone });
  await portal.tenancy.inPortal((db) =>
    db.execute(sql`update review set withdrawn_at = now() where id = ${back.reviewId}::uuid`),
  );
  written.push(back);
  for (const who of ['onlyFeedback', 'beyondBudget', 'objecting'] as const)
    for (const other of others) written.push(await publishReview(portal, other, { phone: customers[who].phone }));
  const hidden = await publishReview(portal, three, { phone: nextPhone() });
  written.push(hidden);
  await portal.tenancy.inPortal(({ keyOfPhone, execute }) =>
    execute(
      sql`insert into phone_sharing (phone_key, hidden_at) values (${keyOfPhone(customers.objecting.phone)}, now())`,
    ),
  );
  for (const { reviewId } of written.slice(0, 4)) expect(await everything(reviewId)).toEqual(before);
  // Nor did anybody of the reader look at anything.
  const looks = await portal.tenancy.inCompany(reader, (db) => db.query(sql`select * from review_look`));
  expect(looks).toEqual([]);
}, 120_000);

test('one that it may see does show, so that nothing above is equal by accident', async () => {
  const before = await everything(newId());
  const { reviewId } = await publishReview(portal, await makeCompany(portal), { phone: customers.dealt.phone });
  const after = await everything(newId());
  const { id } = customers.dealt;
  for (const path of [
    `/customers/${id}`,
    `/customers/${id}/reviews`,
    LISTS[0] ?? '',
    LISTS[1] ?? '',
    `api /${id}`,
    'api ?per=100',
    'export',
  ])
    expect([path, after[path] === before[path]]).toEqual([path, false]);
  expect((await owner.get(`/customers/${id}/reviews/${reviewId}/dispute`)).status).toBe(200);
  const looks = await portal.tenancy.inCompany(reader, (db) => db.query(sql`select * from review_look`));
  expect(looks).toHaveLength(1);
}, 60_000);
