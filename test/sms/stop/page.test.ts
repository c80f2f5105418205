import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { sql } from '../../../src/platform/db.ts';
import { addCampaign, deliveries, planTo, ring, type Shop, shopIn, take } from '../../ledger/make.ts';
import { makeApp, type TestApp, Visitor } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { rows } from '../../tags/make.ts';
import { suppressions } from '../webhooks/make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp({ TRUST_PROXY: 'true' });
});
afterAll(() => portal.close());

let count = 0;
const nextPhone = () => `+3806700${String(10_000 + ++count)}`;

/** A message in which somebody has an address to say no. */
async function written(): Promise<{ shop: Shop; phone: string; path: string }> {
  const shop = await shopIn(portal);
  const [phone, code] = [nextPhone(), `code${10_000 + ++count}`];
  await shop.inside((db) => planTo(db, shop.campaignId, [phone]));
  await shop.inside((db) => db.execute(sql`update delivery set code = ${code}`));
  const [row] = await rows<{ number: bigint }>(
    portal,
    sql`select number from company where id = ${shop.company.id}::uuid`,
  );
  return { shop, phone, path: `/u/${row?.number.toString(36)}.${code}` };
}

test('P-02 looking at the address changes nothing and says nothing of the customer; the button silences the number', async () => {
  const { shop, phone, path } = await written();
  const visitor = new Visitor(portal);
  for (let n = 0; n < 5; n++) {
    const page = await visitor.get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain(shop.company.name);
    expect(page.text).toContain(`ends in ${phone.slice(-2)}`);
    expect(page.text).not.toContain(phone.slice(-7));
    expect(page.headers['x-robots-tag']).toBe('noindex');
  }
  expect(await suppressions(shop, phone)).toEqual([]);
  const answer = await visitor.post(path);
  expect([answer.status, answer.headers.location]).toEqual([303, path]);
  expect(await suppressions(shop, phone)).toEqual([{ reason: 'page', hint: phone.slice(-2) }]);
  expect(await deliveries(shop)).toMatchObject([{ state: 'skipped', reason: 'stop' }]);
  const done = await visitor.get(path);
  expect(done.text).toContain('You are unsubscribed');
  expect(done.text).toContain('Keep getting messages');
});

test('while a message is being handed over it is not said that nothing comes any more, and the number is silent all the same', async () => {
  const { shop, phone, path } = await written();
  const visitor = new Visitor(portal);
  await visitor.get(path);
  await ring(shop, await take(shop));
  const [answer, again] = [await visitor.post(path), await visitor.get(path)];
  for (const page of [answer, again]) {
    expect([page.status, page.headers['retry-after']]).toEqual([503, '10']);
    expect(page.text).toContain('One moment more');
    expect(page.text).not.toContain('You are unsubscribed');
  }
  expect(await suppressions(shop, phone)).toEqual([{ reason: 'page', hint: phone.slice(-2) }]);
  await shop.inside((db) =>
    db.execute(sql`update delivery set state = 'accepted', sid = 'SMmoment', claim = null where state = 'calling'`),
  );
  expect((await visitor.post(path)).status).toBe(303);
  expect((await visitor.get(path)).text).toContain('You are unsubscribed');
});

test('a machine that opens addresses, or posts to them without the form, unsubscribes nobody', async () => {
  const { shop, phone, path } = await written();
  await request(portal.app).head(path);
  await request(portal.app).get(path);
  expect((await request(portal.app).post(path)).status).toBe(403);
  expect((await request(portal.app).get(`${path}/undo`)).status).toBe(404);
  expect(await suppressions(shop, phone)).toEqual([]);
});

test('who changes their mind takes it back there for ten minutes, and by START later', async () => {
  const { shop, phone, path } = await written();
  const visitor = new Visitor(portal);
  await visitor.get(path);
  await visitor.post(path);
  await visitor.get(path);
  const undone = await visitor.post(`${path}/undo`);
  expect([undone.status, undone.text.includes('You keep getting messages')]).toEqual([200, true]);
  expect(await suppressions(shop, phone)).toEqual([]);
  await visitor.get(path);
  await visitor.post(path);
  await portal.database.prisma.$executeRaw(sql`update suppression set at = now() - interval '11 minutes'`);
  const late = await visitor.get(path);
  expect([late.text.includes('Keep getting messages'), late.text.includes('START')]).toEqual([false, true]);
  expect((await visitor.post(`${path}/undo`)).status).toBe(303);
  expect(await suppressions(shop, phone)).toHaveLength(1);
});

test('a STOP by SMS is not undone on the page, and who is blocked by the company can say no for themselves', async () => {
  const { shop, phone, path } = await written();
  const visitor = new Visitor(portal);
  await portal.database.prisma.$executeRaw(sql`
    insert into suppression (company_id, address_key, reason, hint) values (${shop.company.id}::uuid, ${keyOfPhone(phone)}, 'hand', '00')`);
  expect((await visitor.get(path)).text).toContain('Stop all messages');
  await visitor.post(path);
  expect(await suppressions(shop, phone)).toMatchObject([{ reason: 'page' }]);
  await portal.database.prisma.$executeRaw(
    sql`update suppression set reason = 'stop' where address_key = ${keyOfPhone(phone)}`,
  );
  expect((await visitor.get(path)).text).not.toContain('Keep getting messages');
  await visitor.post(`${path}/undo`);
  expect(await suppressions(shop, phone)).toMatchObject([{ reason: 'stop' }]);
});

test('it holds in this company only, and for all its campaigns', async () => {
  const { shop, phone, path } = await written();
  const other = await shopIn(portal);
  const second = await addCampaign(portal, shop.company, { channel: 'viber' });
  await shop.inside((db) => planTo(db, second, [phone], 'viber'));
  await other.inside((db) => planTo(db, other.campaignId, [phone]));
  const visitor = new Visitor(portal);
  await visitor.get(path);
  await visitor.post(path);
  expect(await deliveries({ portal, campaignId: second })).toMatchObject([{ state: 'skipped' }]);
  expect(await deliveries(other)).toMatchObject([{ state: 'planned' }]);
});

test('an address that leads nowhere, a foreign code, an erased number: the same polite page; and not for ever', async () => {
  const { shop, path } = await written();
  const foreign = await written();
  const erased = await written();
  await portal.database.prisma.$executeRaw(
    sql`update delivery set address = null, address_key = null where company_id = ${erased.shop.company.id}::uuid`,
  );
  const mixed = `${path.split('.')[0]}.${foreign.path.split('.')[1]}`;
  const from = (address: string) => ({ 'X-Forwarded-For': address });
  const wrong = ['/u/x', '/u/1.zzzzzz', '/u/zzzzzzzzzz.zzzzzz', mixed, erased.path, '/u/%00', '/u/1.a%2Fb'];
  const pages = await Promise.all(wrong.map((each) => request(portal.app).get(each).set(from('10.0.0.1'))));
  expect(pages.slice(0, 5).map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  const body = (text: string) => text.replace(/nonce="[^"]*"/g, '').replaceAll(/\/u\/[^?"]*/g, '/u/');
  expect(new Set(pages.slice(0, 5).map(({ text }) => body(text))).size).toBe(1);
  expect(pages[0]?.text).toContain('answer STOP');
  const ways = Array.from({ length: 70 }, (_, n) => request(portal.app).get(`/u/1.guess${n}`).set(from('10.0.0.2')));
  const guesses = (await Promise.all(ways)).map(({ status }) => status);
  expect([guesses.filter((each) => each === 404).length, guesses.filter((each) => each === 429).length]).toEqual([
    60, 10,
  ]);
  expect((await request(portal.app).get(path).set(from('10.0.0.2'))).status).toBe(200);
  expect(shop.company.id).not.toBe(foreign.shop.company.id);
});

test('the page speaks the language of the browser', async () => {
  const { path } = await written();
  const page = await request(portal.app).get(path).set('Accept-Language', 'uk');
  expect(page.text).toContain('Більше не надсилати');
});
