import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setRate } from '../../src/rates/rates.ts';
import { decimalOf, microsOf, priceTable, readPrices, sendersOf } from '../../src/senders/senders.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp } from '../make.ts';
import { operate } from '../operator/operator.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const linesOf = (text: string) => {
  const read = readPrices(text);
  return 'errors' in read ? read.errors.map(({ line, message }) => `${line} ${message}`) : read.prices;
};

describe('P-07 a list of prices', () => {
  test('is read with commas, semicolons or tabs, with or without names at the top, and whatever ends its lines', () => {
    const wanted = [
      { channel: 'sms', country: 'UA', micros: 52_100n, currency: 'EUR' },
      { channel: 'viber', country: '800', micros: 1_000_000n, currency: 'USD' },
    ];
    const spellings = [
      'sms,UA,0.0521,EUR\nviber,800,1,USD',
      '\ufeffchannel,country,price,currency\r\nSMS,ua,0.0521,eur\r\n\r\nviber,+800,1.0,usd\r\n',
      'sms;UA;0,0521;EUR\rviber;800;1;USD',
      'sms\tUA\t0.0521\tEUR\nviber\t800\t1\tUSD',
      '"sms","UA","0.0521","EUR"\n"viber","800","1","USD"',
    ];
    for (const text of spellings) expect(linesOf(text)).toEqual(wanted);
  });

  test('names each line that is wrong, and loads nothing then', () => {
    const text = [
      'sms,UA,0.05,EUR',
      'pigeon,UA,0.05,EUR',
      'sms,XX,0.05,EUR',
      'sms,PL,cheap,EUR',
      'sms,PL,0.0000001,EUR',
      'sms,PL,-1,EUR',
      'sms,PL,0.05,XXX1',
      'sms,PL',
      'sms,ua,0.06,EUR',
      "sms,'; drop table sms_price; --,1,EUR",
    ].join('\n');
    expect(linesOf(text)).toEqual([
      '2 channel',
      '3 country',
      '4 price',
      '5 price',
      '6 price',
      '7 currency',
      '8 columns',
      '9 twice',
      '10 country',
    ]);
    expect(linesOf('')).toEqual(['1 empty']);
    expect(linesOf('channel,country,price,currency\n')).toEqual(['1 empty']);
  });

  test('keeps every price to the millionth', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999n }), (micros) => {
        expect(microsOf(decimalOf(micros))).toBe(micros);
      }),
    );
  });
});

test('P-07 a company sees prices in its own currency at the rate in force; without a rate they are unknown', async () => {
  const company = await makeCompany(portal, { currency: 'UAH' });
  const file = join(portal.services.config.dataDir, 'prices.csv');
  writeFileSync(file, 'sms,UA,0.0521,EUR\nsms,PL,0.031,CHF\nviber,UA,0.62,UAH\n');
  const loaded = await operate(portal, 'prices:load', '--file', file);
  expect(loaded).toMatchObject({ code: 0, answer: { prices: 3, changed: 3, removed: 0 } });
  const rate = (value: string, day: string) =>
    portal.tenancy.inPortal((db) => setRate(db, { from: 'EUR', to: 'UAH', rate: value, day }, null));
  await rate('40', '2026-01-01');
  await rate('48.2', '2026-11-20');
  await rate('99', '2026-12-01');
  const table = await portal.tenancy.reading(company, (db) => priceTable(db, new Date('2026-11-21T12:00:00Z')));
  expect(table).toEqual([
    { channel: 'sms', country: 'PL', micros: null },
    { channel: 'sms', country: 'UA', micros: 2_511_220n },
    { channel: 'viber', country: 'UA', micros: 620_000n },
  ]);
  writeFileSync(file, 'sms,UA,0.06,EUR\n');
  expect((await operate(portal, 'prices:load', '--file', file, '--replace')).answer).toEqual({
    prices: 1,
    changed: 1,
    removed: 2,
  });
  writeFileSync(file, 'sms,UA,free,EUR\n');
  const refused = await operate(portal, 'prices:load', '--file', file);
  expect(refused.code).toBe(1);
  expect(refused.error).toContain('Line 1');
});

test('P-07 the operator adds senders and gives them to companies, which see those alone', async () => {
  const [company, other] = [await makeCompany(portal), await makeCompany(portal)];
  const added = await operate(
    portal,
    'sender:add',
    '--address',
    '+380671230001',
    '--name',
    'Shop',
    '--per-second',
    '20',
  );
  expect(added).toMatchObject({ code: 0, answer: { address: '+380671230001', name: 'Shop', perSecond: 20 } });
  expect((await operate(portal, 'sender:add', '--address', '+380671230001')).code).toBe(1);
  expect((await operate(portal, 'sender:add', '--address', 'a b c d e f g h')).code).toBe(1);
  const give = (address: string) => operate(portal, 'sender:give', '--address', address, '--company', company.slug);
  expect((await give('+380671230001')).answer).toMatchObject({ given: true });
  expect((await give('+380671230001')).answer).toMatchObject({ given: false });
  expect((await give('nobody')).code).toBe(1);
  const seen = await Promise.all([company, other].map((each) => portal.tenancy.reading(each, sendersOf)));
  expect(seen.map((list) => list.map(({ address }) => address))).toEqual([['+380671230001'], []]);
});

describe('the pages of the administrator', () => {
  test('load prices with what is wrong beside them, and keep what was pasted', async () => {
    const admin = await signIn(portal, await makeUser(portal, { admin: true }));
    await admin.get('/admin/prices');
    const refused = await admin.post('/admin/prices', { prices: 'sms,DE,0.1,EUR\nsms,<b>,1,EUR' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Line 2');
    expect(refused.text).toContain('sms,DE,0.1,EUR\nsms,&lt;b&gt;,1,EUR');
    expect((await admin.post('/admin/prices', { prices: 'sms,DE,0.1,EUR' })).status).toBe(303);
    expect((await admin.get('/admin/prices')).text).toContain('0.1 EUR');
  });

  test('add a sender, give and take it, and remove it, but not while a campaign leaves from it', async () => {
    const company = await makeCompany(portal);
    const admin = await signIn(portal, await makeUser(portal, { admin: true }));
    await admin.get('/admin/senders');
    const wrong = await admin.post('/admin/senders', { address: '<script>', name: 'x', perSecond: '0' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="&lt;script&gt;"');
    const { headers } = await admin.post('/admin/senders', { address: 'SHOP', name: '', perSecond: '5' });
    const path = String(headers.location);
    await admin.post(`${path}/companies`, { company: company.slug });
    expect((await admin.post(`${path}/companies`, { company: 'no-such' })).status).toBe(422);
    await portal.tenancy.inCompany(company, ({ tables }) =>
      tables.campaign.create({
        data: { companyId: company.id, id: path.slice(-36), name: 'Sale', body: 'Hi', sender: 'SHOP', state: 'paused' },
      }),
    );
    expect((await admin.post(`${path}/removal`)).status).toBe(422);
    await admin.post(`${path}/companies/${company.id}/removal`);
    expect(await portal.tenancy.reading(company, sendersOf)).toHaveLength(1);
    await portal.tenancy.inCompany(company, ({ tables }) =>
      tables.campaign.updateMany({ data: { state: 'cancelled' } }),
    );
    await admin.post(`${path}/companies/${company.id}/removal`);
    expect(await portal.tenancy.reading(company, sendersOf)).toEqual([]);
    expect((await admin.post(`${path}/removal`)).status).toBe(303);
    expect((await admin.get(path)).status).toBe(404);
  });
});
