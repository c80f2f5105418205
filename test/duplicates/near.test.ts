import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as duplicates from '../../src/duplicates/duplicates.ts';
import { sql } from '../../src/platform/db.ts';
import { makeShop, type Shop } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

interface Found {
  reason: string;
  one: string;
  other: string;
  phone: string | null;
}

const pairs = ({ company }: Shop) =>
  portal.tenancy.inCompany(company, (db) =>
    db.query<Found>(sql`
      select d.reason, a.name as one, b.name as other, d.because_value as phone from duplicate d
      join customer a on a.id = d.customer_id join customer b on b.id = d.other_id order by d.reason, a.name, b.name`),
  );

const find = ({ company }: Shop) => duplicates.findNear(portal.services, company);

/** Customers of these names, phones and regions, in this order. */
async function shopOf(...people: { name: string; phone: string; region?: string }[]): Promise<Shop> {
  const shop = await makeShop(portal);
  for (const [n, { name, phone, region }] of people.entries())
    await shop.order(`${n}`, { name, phones: [phone], region });
  return shop;
}

describe('customers that may be one are found', () => {
  test('by the same name in the same region, however it is written', async () => {
    const shop = await shopOf(
      { name: 'Олена Коваль', phone: '067 123 45 67', region: 'Kyiv' },
      { name: ' олена  КОВАЛЬ', phone: '050 765 43 21', region: 'kyiv' },
      { name: 'Олена Коваль', phone: '063 111 22 33', region: 'Lviv' },
    );
    expect(await find(shop)).toBe(1);
    expect(await pairs(shop)).toMatchObject([{ reason: 'name', one: 'Олена Коваль', other: ' олена  КОВАЛЬ' }]);
  });

  test('not by a name of one word, nor by one that many have, nor without a region', async () => {
    const common = ['067 111 11 11', '050 222 22 22', '063 333 33 33', '095 444 44 44', '066 555 55 55'];
    const shop = await shopOf(
      { name: 'Олена', phone: '097 100 00 00', region: 'Kyiv' },
      { name: 'Олена', phone: '098 955 55 55', region: 'Kyiv' },
      { name: 'Ганна Рудь', phone: '096 311 33 11' },
      { name: 'Ганна Рудь', phone: '068 422 44 22' },
      ...common.map((phone) => ({ name: 'Іван Бондар', phone, region: 'Kyiv' })),
    );
    expect([await find(shop), await pairs(shop)]).toEqual([0, []]);
  });

  test.each([
    ['the last digit', '067 123 45 68'],
    ['one in the middle', '067 129 45 67'],
    ['the first behind the country’s code', '097 123 45 67'],
  ])('by numbers that differ in %s', async (_what, phone) => {
    const shop = await shopOf({ name: 'Олена Коваль', phone: '067 123 45 67' }, { name: 'Коваль О.', phone });
    expect(await find(shop)).toBe(1);
    expect(await pairs(shop)).toEqual([
      { reason: 'digit', one: 'Олена Коваль', other: 'Коваль О.', phone: '+380671234567' },
    ]);
  });

  test('whatever the names, where few numbers are so alike; not where they just lie close together', async () => {
    const two = [
      { name: 'Олена Коваль', phone: '067 123 45 67' },
      { name: 'Іван Бондар', phone: '067 123 45 68' },
    ];
    expect(await find(await shopOf(...two))).toBe(1);
    const close = [
      { name: 'Петро Рудь', phone: '050 111 00 01' },
      { name: 'Ганна Лис', phone: '050 111 00 02' },
      { name: 'Олена Рудь', phone: '050 777 00 01' },
    ];
    expect(await find(await shopOf(...two, ...close, { name: 'Олена Лис', phone: '050 777 00 02' }))).toBe(0);
  });

  test('not by numbers that differ in two digits, nor by the numbers of a firm, one after the other', async () => {
    const shop = await shopOf(
      { name: 'Олена Коваль', phone: '067 123 45 67' },
      { name: 'Олена Коваль', phone: '067 123 45 76' },
      ...[1, 2, 3, 4, 5].map((n) => ({ name: 'Фірма', phone: `044 555 00 0${n}` })),
    );
    expect([await find(shop), await pairs(shop)]).toEqual([0, []]);
  });
});

describe('a question', () => {
  const twins = [
    { name: 'Олена Коваль', phone: '067 123 45 67', region: 'Kyiv' },
    { name: 'Олена Коваль', phone: '067 123 45 68', region: 'Kyiv' },
  ];

  test('is asked once, whatever speaks for it, and however often one looks', async () => {
    const shop = await shopOf(...twins);
    expect([await find(shop), await find(shop)]).toEqual([1, 0]);
    expect(await pairs(shop)).toMatchObject([{ reason: 'digit' }]);
  });

  test('that was answered with no is not asked again', async () => {
    const shop = await shopOf(...twins);
    await find(shop);
    await portal.tenancy.inCompany(shop.company, (db) => db.execute(sql`update duplicate set state = 'dismissed'`));
    expect(await find(shop)).toBe(0);
  });

  test('about customers whom people keep apart is none', async () => {
    const shop = await shopOf(...twins);
    const row = portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`
        insert into decision (company_id, id, step_id, kind, customer_id, other_id)
        select ${shop.company.id}::uuid, gen_random_uuid(), gen_random_uuid(), 'apart', max(id::text)::uuid, min(id::text)::uuid from customer`),
    );
    expect([await row, await find(shop)]).toEqual([1, 0]);
  });

  test('of another company is not raised here', async () => {
    const [first] = twins;
    const [ours, theirs] = [await shopOf(first as (typeof twins)[0]), await shopOf(twins[1] as (typeof twins)[0])];
    expect([await find(ours), await find(theirs)]).toEqual([0, 0]);
  });
});

describe('a contact that many differently named people use', () => {
  const crowd = (names: string[]) => names.map((name, n) => ({ name, n }));

  test.each([
    ['is proposed as shared beyond five names', ['Олена А', 'Іван Б', 'Петро В', 'Ганна Г', 'Марія Д', 'Юрій Е'], 1],
    ['is not with five', ['Олена А', 'Іван Б', 'Петро В', 'Ганна Г', 'Марія Д', 'Іван Б'], 0],
    [
      'is not where one name is written in many ways',
      ['Іван Бондар', 'БОНДАР іван', ' Бондар  Іван', 'іван бондар', 'Бондар ІВАН', 'Іван БОНДАР'],
      0,
    ],
  ])('%s', async (_what, names, found) => {
    const shop = await makeShop(portal);
    for (const { name, n } of crowd(names)) await shop.order(`${n}`, { name, emails: ['info@example.com'] });
    await find(shop);
    const rows = await portal.tenancy.inCompany(shop.company, (db) =>
      db.query(sql`select value, names from shared_proposal`),
    );
    expect(rows).toEqual(found === 0 ? [] : [{ value: 'info@example.com', names: 6n }]);
  });
});

test('every company is looked through by a job of its own, which may run twice', async () => {
  const shop = await shopOf(
    { name: 'Олена Коваль', phone: '067 123 45 67', region: 'Kyiv' },
    { name: 'Олена Коваль', phone: '050 765 43 21', region: 'Kyiv' },
  );
  await duplicates.askEverywhere(portal.services);
  await duplicates.askEverywhere(portal.services);
  await portal.runJobs();
  expect(await pairs(shop)).toHaveLength(1);
  expect(await portal.tenancy.reading(shop.company, duplicates.lastSearch)).toMatchObject({ found: 1n });
});
