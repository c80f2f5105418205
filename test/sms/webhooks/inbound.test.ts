import { afterEach, expect, test } from '@jest/globals';
import * as consents from '../../../src/consents/consents.ts';
import { ingestOrders } from '../../../src/ingest/ingest.ts';
import { sql } from '../../../src/platform/db.ts';
import { twilioSignature } from '../../../src/sms/webhooks/signature.ts';
import { addCampaign, deliveries, phone, phones, planTo, ring, type Shop, shopIn, take } from '../../ledger/make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { rows } from '../../tags/make.ts';
import { closeLines, FROM, inbounds, type Line, messages, openLine, post, suppressions, TOKEN } from './make.ts';

afterEach(async () => {
  await closeLines();
});

const OWN = '+380670000001';

/** Gives a company a sender of its own. */
const give = ({ portal }: Pick<Shop, 'portal'>, company: Shop['company'], address = OWN) =>
  portal.database.prisma.$executeRaw(sql`
    with given as (
      insert into sender (id, address, per_second) values (gen_random_uuid(), ${address}, 100)
      on conflict (address) do update set name = sender.name returning id
    )
    insert into company_sender (company_id, sender_id) select ${company.id}::uuid, id from given`);

const know = async (line: Line, company: Shop['company'], number: string) => {
  const placedAt = new Date(Date.now() - 86_400_000).toISOString();
  const order = { externalId: number, placedAt, currency: 'UAH', total: '10.00', customer: { phones: [number] } };
  await ingestOrders(line.portal.tenancy, company, [order], new Date());
};

test('P-02 STOP silences the number in this company on all channels, skips what was planned, and only for it', async () => {
  const line = await openLine({ to: 3 });
  const other = await addCampaign(line.portal, line.company, { channel: 'viber' });
  await line.inside((db) => planTo(db, other, phones(3), 'viber'));
  expect(await line.write(phone(1), 'Стоп.')).toBe(200);
  expect(await suppressions(line, phone(1))).toEqual([{ reason: 'stop', hint: '01' }]);
  expect((await deliveries(line)).map(({ state, reason }) => [state, reason])).toEqual([
    ['planned', null],
    ['skipped', 'stop'],
    ['planned', null],
  ]);
  expect((await deliveries({ ...line, campaignId: other })).map(({ state }) => state)).toEqual([
    'planned',
    'skipped',
    'planned',
  ]);
  expect(await messages(line)).toEqual([]);
  await line.work();
  expect([...line.reached().keys()].sort()).toEqual([phone(0), phone(2)]);
});

test('STOP is acknowledged only when nothing is being handed over any more, and again when it comes again', async () => {
  const line = await openLine({ to: 1 });
  await ring(line, await take(line));
  let answered = 0;
  const waiting = line.write(phone(0), 'STOP', { sid: 'SM1' }).then((code) => {
    answered = code;
  });
  while ((await suppressions(line, phone(0))).length === 0) await new Promise((done) => setImmediate(done));
  expect(answered).toBe(0);
  await line.inside((db) =>
    db.execute(sql`update delivery set state = 'accepted', sid = 'SM9', claim = null where state = 'calling'`),
  );
  await waiting;
  expect(answered).toBe(200);
  expect(await line.write(phone(0), 'STOP', { sid: 'SM1' })).toBe(200);
  expect(await inbounds(line)).toEqual([{ kind: 'stop' }]);
});

test('START takes back what the person said, never what the company did; a replay undoes nothing that came later', async () => {
  const line = await openLine({ to: 1 });
  const said = (body: string, sid: string) => line.write(phone(0), body, { sid });
  await said('STOP', 'SM1');
  await said('START', 'SM2');
  expect(await suppressions(line, phone(0))).toEqual([]);
  await said('STOP', 'SM1');
  expect(await suppressions(line, phone(0))).toEqual([]);
  await said('СТОП', 'SM3');
  for (let n = 0; n < 5; n++) await said('START', 'SM2');
  expect(await suppressions(line, phone(0))).toEqual([{ reason: 'stop', hint: '00' }]);
  expect(await inbounds(line)).toHaveLength(3);
  await line.inside((db) =>
    consents.suppress(db, { addressKey: keyOfPhone(phone(0)), hint: '00', reason: 'hand', userId: null }),
  );
  await said('Старт', 'SM4');
  expect((await suppressions(line, phone(0))).length).toBeLessThanOrEqual(1);
  await know(line, line.company, phone(7));
  await line.inside((db) =>
    consents.suppress(db, { addressKey: keyOfPhone(phone(7)), hint: '07', reason: 'hand', userId: null }),
  );
  await line.write(phone(7), 'START');
  expect(await suppressions(line, phone(7))).toEqual([{ reason: 'hand', hint: '07' }]);
});

test('a yes is START where there was a STOP, and else a word of a conversation', async () => {
  const line = await openLine({ to: 1 });
  await line.work();
  await line.write(phone(0), 'так', { sid: 'SM1' });
  expect(await messages(line)).toMatchObject([{ text: 'так', direction: 'in', channel: 'sms' }]);
  await line.write(phone(0), 'STOP', { sid: 'SM2' });
  await line.write(phone(0), 'YES', { sid: 'SM3' });
  await line.write(phone(0), 'YES', { sid: 'SM3' });
  expect(await suppressions(line, phone(0))).toEqual([]);
  expect(await messages(line)).toHaveLength(1);
});

test('a STOP to a sender holds in every company that was given it, and in no other', async () => {
  const line = await openLine({ to: 1 });
  const [mine, theirs, stranger] = [await shopIn(line.portal), await shopIn(line.portal), await shopIn(line.portal)];
  for (const shop of [mine, theirs]) await give(line, shop.company);
  for (const shop of [mine, theirs, stranger]) await know(line, shop.company, phone(5));
  expect(await line.write(phone(5), 'STOP', { to: OWN })).toBe(200);
  const found = await Promise.all([mine, theirs, stranger, line].map((shop) => suppressions({ ...shop }, phone(5))));
  expect(found.map(({ length }) => length)).toEqual([1, 1, 0, 0]);
});

test('a STOP to the portal’s own sender holds wherever the number is known, or something is planned for it, also beside a sender of their own', async () => {
  const line = await openLine({ to: 1 });
  const [knows, plans, both, stranger] = [
    await shopIn(line.portal),
    await shopIn(line.portal),
    await shopIn(line.portal),
    await shopIn(line.portal),
  ];
  await know(line, knows.company, phone(5));
  await know(line, both.company, phone(5));
  await plans.inside((db) => planTo(db, plans.campaignId, [phone(5)]));
  for (const { company } of [plans, both]) await give(line, company);
  expect(await line.write(phone(5), 'STOP')).toBe(200);
  const found = await Promise.all([knows, plans, both, stranger].map((shop) => suppressions(shop, phone(5))));
  expect(found.map(({ length }) => length)).toEqual([1, 1, 1, 0]);
  expect((await deliveries(plans)).map(({ state }) => state)).toEqual(['skipped']);
});

test('a STOP of somebody whom nobody knows any more holds in all companies, however many, until START', async () => {
  const line = await openLine({ to: 0 });
  const { prisma } = line.portal.database;
  await prisma.$executeRaw(sql`
    insert into company (id, slug, name, country, currency, timezone, locale)
    select gen_random_uuid(), 'beside-' || n, 'Beside', 'UA', 'UAH', 'Europe/Kyiv', 'uk' from generate_series(1, 2000) n`);
  await give(line, line.company);
  const count = async () => {
    const [row] = await rows<{ count: number }>(line.portal, sql`select count(*)::int as count from suppression`);
    return row?.count;
  };
  expect(await line.write(phone(5), 'STOP', { sid: 'SM1' })).toBe(200);
  expect(await count()).toBe(2001);
  await prisma.$executeRaw(sql`delete from company_sender`);
  await prisma.$executeRaw(sql`delete from inbound where company_id <> ${line.company.id}::uuid`);
  await prisma.$executeRaw(sql`delete from suppression where company_id <> ${line.company.id}::uuid`);
  await line.write(phone(5), 'START', { sid: 'SM2' });
  expect(await suppressions(line, phone(5))).toEqual([]);
  await line.write(phone(5), 'STOP', { sid: 'SM1' });
  expect(await suppressions(line, phone(5))).toEqual([]);
});

test('a yes to one shop takes back nothing that was said to another, nor what was said on a page', async () => {
  const line = await openLine({ to: 1 });
  const [asks, silent] = [await shopIn(line.portal), await shopIn(line.portal)];
  for (const shop of [asks, silent]) {
    await shop.inside((db) => planTo(db, shop.campaignId, [phone(0)]));
    await ring(shop, await take(shop));
    await shop.inside((db) =>
      db.execute(sql`update delivery set state = 'accepted', sid = ${shop.company.id}, claim = null`),
    );
  }
  await line.portal.database.prisma.$executeRaw(
    sql`update delivery set called_at = now() + interval '1 minute' where company_id = ${asks.company.id}::uuid`,
  );
  const refuse = (shop: Pick<Shop, 'inside'>, reason: 'stop' | 'page') =>
    shop.inside((db) => consents.suppress(db, { addressKey: keyOfPhone(phone(0)), hint: '00', reason, userId: null }));
  await refuse(silent, 'stop');
  await line.write(phone(0), 'так', { sid: 'SM1' });
  expect(await messages(asks)).toMatchObject([{ text: 'так' }]);
  await refuse(asks, 'page');
  await line.write(phone(0), 'yes', { sid: 'SM2' });
  expect(await messages(asks)).toHaveLength(2);
  expect([await suppressions(silent, phone(0)), await suppressions(asks, phone(0))]).toMatchObject([
    [{ reason: 'stop' }],
    [{ reason: 'page' }],
  ]);
});

test('START takes back what was said to the sender, and what was said on a page only where its company wrote last', async () => {
  const line = await openLine({ to: 1 });
  const [last, page, own] = [await shopIn(line.portal), await shopIn(line.portal), await shopIn(line.portal)];
  await last.inside((db) => planTo(db, last.campaignId, [phone(0)]));
  await ring(last, await take(last));
  await last.inside((db) => db.execute(sql`update delivery set state = 'accepted', sid = 'SM77', claim = null`));
  await know(line, page.company, phone(0));
  await know(line, own.company, phone(0));
  await give(line, own.company);
  const reasons = [
    [last, 'page'],
    [page, 'page'],
    [line, 'provider'],
    [own, 'stop'],
  ] as const;
  for (const [shop, reason] of reasons)
    await shop.inside((db) =>
      consents.suppress(db, { addressKey: keyOfPhone(phone(0)), hint: '00', reason, userId: null }),
    );
  await line.write(phone(0), 'START');
  const found = await Promise.all(reasons.map(([shop]) => suppressions(shop, phone(0))));
  expect(found.map(([row]) => row?.reason ?? null)).toEqual([null, 'page', null, 'stop']);
});

test('P-02 what else somebody writes is a message of the customer, counts as activity and waits for an answer', async () => {
  const line = await openLine({ to: 1 });
  await know(line, line.company, phone(0));
  await line.work();
  const sid = 'SMhello';
  expect([
    await line.write(phone(0), 'Коли привезете?', { sid }),
    await line.write(phone(0), 'Коли привезете?', { sid }),
  ]).toEqual([200, 200]);
  const [message, ...more] = await messages(line);
  expect(more).toEqual([]);
  expect(message).toMatchObject({
    external_id: `sms:${sid}`,
    text: 'Коли привезете?',
    channel: 'sms',
    direction: 'in',
  });
  expect(message?.thread).toContain(keyOfPhone(phone(0)));
  expect(message?.thread).not.toContain(phone(0).slice(1));
  const [customer] = await rows<{ unanswered_count: bigint; activities_count: bigint }>(
    line.portal,
    sql`select unanswered_count, activities_count from customer where id = ${message?.customer_id ?? null}::uuid`,
  );
  expect(customer).toEqual({ unanswered_count: 1n, activities_count: 2n });
});

test('a message is of the company that wrote to the number last by this sender', async () => {
  const line = await openLine({ to: 1 });
  const other = await shopIn(line.portal);
  await line.work();
  await other.inside((db) => planTo(db, other.campaignId, [phone(0)]));
  await ring(other, await take(other));
  await other.inside((db) => db.execute(sql`update delivery set state = 'accepted', sid = 'SM77', claim = null`));
  await line.write(phone(0), 'Дякую', { sid: 'SMa' });
  expect([await messages(other), await messages(line)].map(({ length }) => length)).toEqual([1, 0]);
  await line.portal.database.prisma.$executeRaw(
    sql`update delivery set called_at = now() + interval '1 minute' where company_id = ${line.company.id}::uuid`,
  );
  await line.write(phone(0), 'Дякую', { sid: 'SMa' });
  expect([await messages(other), await messages(line)].map(({ length }) => length)).toEqual([1, 0]);
  await line.write(phone(0), 'І вам', { sid: 'SMb' });
  expect([await messages(other), await messages(line)].map(({ length }) => length)).toEqual([1, 1]);
});

test('to a sender of one company everybody may write first; where two may be meant, and neither knows the number, nobody gets it', async () => {
  const line = await openLine({ to: 0 });
  const shop = await shopIn(line.portal);
  await give(line, shop.company);
  expect(await line.write(phone(8), 'Ви відчинені?', { to: OWN })).toBe(200);
  const [message] = await messages(shop);
  expect(message?.thread).toBe(`t:sms:${keyOfPhone(phone(8))}:${OWN}`);
  const second = await shopIn(line.portal);
  await give(line, second.company);
  expect(await line.write(phone(9), 'А ви?', { to: OWN })).toBe(200);
  expect(await line.write(phone(9), 'А ви?', { to: FROM })).toBe(200);
  expect([await messages(shop), await messages(second), await messages(line)].map(({ length }) => length)).toEqual([
    1, 0, 1,
  ]);
  await know(line, second.company, phone(9));
  await line.write(phone(9), 'То як?', { to: OWN });
  expect(await messages(second)).toHaveLength(1);
});

test('who asks for help waits for an answer, unless Twilio has given one', async () => {
  const line = await openLine({ to: 1 });
  await line.work();
  for (const word of ['HELP', 'Info', 'ІНФО', 'ДОВІДКА']) expect(await line.write(phone(0), word)).toBe(200);
  const written = (await messages(line)).map(({ text, direction }) => [text, direction]);
  expect(written.toSorted()).toEqual(['HELP', 'Info', 'ІНФО', 'ДОВІДКА'].map((text) => [text, 'in']).toSorted());
  const address = `${line.url}/webhooks/twilio/inbound`;
  const fields = { MessageSid: 'SMhelp', From: phone(0), To: FROM, Body: 'HELP', OptOutType: 'HELP' };
  expect(await post(address, fields, twilioSignature(TOKEN, address, new URLSearchParams(fields)))).toBe(200);
  expect([(await messages(line)).length, (await inbounds(line)).filter(({ kind }) => kind === 'help')]).toEqual([
    4,
    [{ kind: 'help' }],
  ]);
});

test('whoever has no number is passed over', async () => {
  const line = await openLine({ to: 1 });
  await line.work();
  expect(await line.write(phone(0), 'Hello')).toBe(200);
  expect(await line.write('12345', 'STOP')).toBe(200);
  expect(await line.write('Kvitka', 'Hello')).toBe(200);
  expect(await line.write('', '')).toBe(200);
  expect(await inbounds(line)).toHaveLength(1);
});
