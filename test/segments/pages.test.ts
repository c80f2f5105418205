import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import * as tags from '../../src/tags/tags.ts';
import { Client } from '../api/client.ts';
import { linkTo, namesIn, pageAt, type Shop, textOf } from '../customers/shop.ts';
import { column, fileOf, readCsv } from '../exports/make.ts';
import { apiKey, makeApp, makeUser, type TestApp } from '../make.ts';
import { fieldsOf, follow, makeFour, saved } from './shop.ts';

let portal: TestApp;
let shop: Shop;

beforeAll(async () => {
  portal = await makeApp();
  shop = await makeFour(portal);
});

afterAll(() => portal.close());

const open = (path: string, status?: number) => pageAt(shop.owner, path, status);
const reading = (path: string) => open(path).then(textOf);

describe('brackets in the list', () => {
  test('P-32 are built one after the other, without any script', async () => {
    const first = await open('/customers?where=gender:is:male');
    const beside = await open(linkTo(first, 'Add an alternative to “men”'));
    expect(textOf(beside)).toContain('Add beside “men”');
    const form = await open(linkTo(beside, 'Region'));
    expect(form).toContain('name="into" value="0"');
    const either = await shop.owner.get('/customers?where=gender:is:male&into=0&add=region&op=is&value=Kyiv');
    expect(either.headers.location).toBe('/customers?where=any%28gender%3Ais%3Amale%2Cregion%3Ais%3AKyiv%29');
    const both = await shop.owner.get(`${either.headers.location}&into=0.0&add=orders&op=gte&value=3`);
    const html = await open(String(both.headers.location));
    expect(namesIn(html)).toEqual(['Олена', 'Петро']);
    expect(textOf(html)).toMatch(/Gender: male .* and .*Orders: 3 or more .* or .*Region: Kyiv/);
    const without = await open(linkTo(html, 'Remove the filter “Orders: 3 or more”'));
    expect(namesIn(without)).toEqual(['Олена', 'Петро', 'Іван']);
  });

  test('P-32 a broken one is shown, and the rest of the list stays', async () => {
    const html = await open('/customers?where=any(gender:is:male,shoes:is:43)&where=gender:is:male');
    expect(namesIn(html)).toEqual(['Петро', 'Іван']);
    expect(textOf(html)).toContain('No such filter: shoes:is:43');
    expect(await reading('/customers?where=any(gender:is:male')).toContain('Brackets that do not close');
    expect(await reading('/customers?where=any(all(any(all(orders:gte:1))))')).toContain('Too many brackets');
  });

  test('P-32 "none of" is shown as such', async () => {
    const html = await open('/customers?where=none(gender:is:male,region:is:Kyiv)');
    expect(namesIn(html)).toEqual(['Марія']);
    expect(textOf(html)).toMatch(/none of Gender: male .*Region: Kyiv/);
  });
});

describe('criteria', () => {
  test('P-26 tag: chosen by its name, found, left out, any and none', async () => {
    const owner = await makeUser(portal, { company: shop.company });
    const { customerId } = await shop.order('9', { name: 'Олена', phones: ['067 123 45 67'], gender: 'female' });
    const id = await portal.tenancy.inCompany(shop.company, async (db) => {
      await tags.create(db, 'VIP "A"', 'blue', owner.id);
      const [tag] = await tags.dictionary(db);
      await db.tables.customerTag.create({ data: { companyId: shop.company.id, customerId, tagId: tag?.id ?? '' } });
      return tag?.id ?? '';
    });
    const form = await open('/customers?add=tag');
    expect(textOf(form)).toContain('VIP "A"');
    const chosen = await shop.owner.get(`/customers?add=tag&op=is&value=${id}`);
    const html = await open(String(chosen.headers.location));
    expect([namesIn(html), textOf(html)]).toEqual([['Олена'], expect.stringContaining('Tag: VIP "A"')]);
    expect(namesIn(await open('/customers?where=tag:is:any'))).toEqual(['Олена']);
    expect(namesIn(await open('/customers?where=tag:is:none'))).toHaveLength(3);
    expect(namesIn(await open(`/customers?where=tag:not:${id}`))).toHaveLength(3);
    expect((await shop.owner.get('/customers?add=tag&op=is')).status).toBe(422);
  });

  test('P-26 a deleted tag is said to be one, and finds nobody', async () => {
    const html = await open('/customers?where=tag:is:0193504e-5a80-7d11-8a2f-00000000000a');
    expect([namesIn(html), textOf(html)]).toEqual([[], expect.stringContaining('Tag: a deleted tag')]);
  });

  test('P-17 each tab of a small company has its exact number, wherever its conditions look', async () => {
    const other = await makeFour(portal);
    const owner = await makeUser(portal, { company: other.company });
    const { customerId } = await other.order('9', { name: 'Олена', phones: ['067 123 45 67'], gender: 'female' });
    await portal.tenancy.inCompany(other.company, async (db) => {
      await tags.create(db, 'VIP', 'blue', owner.id);
      const [tag] = await tags.dictionary(db);
      await db.tables.customerTag.create({ data: { companyId: other.company.id, customerId, tagId: tag?.id ?? '' } });
    });
    const tabs = [
      ['Women', 2, 'gender:is:female'],
      ['Tagged', 1, 'tag:is:any'],
      ['Untagged', 3, 'tag:is:none'],
      ['Tagged or men', 3, 'any(tag:is:any,gender:is:male)'],
      ['Not tagged, bought', 2, 'none(tag:is:any)', 'orders:gte:1'],
      ['Judged', 0, 'reviews:gte:1'],
      ['Did not agree', 4, 'none(consent:is:yes)'],
      ['Often', 2, 'orders:gte:2'],
    ] as const;
    for (const [name, , ...where] of tabs) await saved(other.owner, name, ...where);
    const html = await pageAt(other.owner, '/customers');
    for (const [name, number] of tabs)
      expect(namesIn(await pageAt(other.owner, linkTo(html, `${name} ${number}`)))).toHaveLength(number);
  });
});

describe('tags that are merged', () => {
  test('P-26 a saved segment goes on with the tag that took the other one in, while that happens and after', async () => {
    const other = await makeFour(portal);
    const owner = await makeUser(portal, { company: other.company });
    const { customerId } = await other.order('9', { name: 'Олена', phones: ['067 123 45 67'] });
    const [first, second] = await portal.tenancy.inCompany(other.company, async (db) => {
      await tags.create(db, 'Alpha', 'blue', owner.id);
      await tags.create(db, 'Beta', 'red', owner.id);
      const ids = (await tags.dictionary(db)).map(({ id }) => id);
      await db.tables.customerTag.create({ data: { companyId: other.company.id, customerId, tagId: ids[0] ?? '' } });
      return ids;
    });
    const id = await saved(other.owner, 'Tagged', `tag:is:${first}`);
    const members = async () => namesIn((await other.owner.get(`/customers?segment=${id}`)).text);
    expect(await members()).toEqual(['Олена']);
    await other.owner.get(`/tags/${first}/merge?into=${second}`);
    expect((await other.owner.post(`/tags/${first}/merge`, { into: String(second) })).status).toBe(303);
    expect(await members()).toEqual(['Олена']);
    await portal.runJobs();
    expect(await members()).toEqual(['Олена']);
    expect(textOf((await other.owner.get('/segments')).text)).toContain('tagged “Beta”');
  });
});

describe('the page of the segments', () => {
  test('P-17 has each with its exact number and a sentence in plain words, in the reader’s language', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Best', 'gender:is:female', 'orders:gt:2', 'activity:within:3m');
    await saved(other.owner, 'Either', 'any(gender:is:male,all(orders_total:gte:1000,region:is:Kyiv))');
    const page = async () => textOf((await other.owner.get('/segments')).text);
    expect(await page()).toMatch(/All everybody, those without any order too 4/);
    expect(await page()).toMatch(/New last activity within 3 months, exactly 1 order or message 2/);
    expect(await page()).toMatch(/Best women, more than 2 orders, last activity within 3 months 0/);
    expect(await page()).toMatch(/Either men or \(sum of orders at least UAH 1,000.00 and from Kyiv\) 3/);
    await other.owner.post('/profile/language', { locale: 'uk', back: '/' });
    expect(await page()).toContain('жінки, понад 2 замовлення, остання активність не раніше ніж 3 місяці тому');
    expect(await page()).toContain(
      'чоловіки або (сума замовлень щонайменше 1 000,00 ₴ і регіон Kyiv)'.replace('1 000', '1 000'),
    );
    expect((await other.owner.get(`/segments/${id}/count`)).text).toMatch(/>0</);
  });

  test('a number can be asked for by itself, and with all the time it needs', async () => {
    const id = await saved(shop.owner, 'Everybody who bought', 'orders:gte:1');
    expect((await shop.owner.get(`/segments/${id}/count`)).text).toBe('<span class="segment-count">3</span>');
    expect(await reading('/segments?count=wait')).toMatch(/Everybody who bought at least 1 order 3/);
    expect((await shop.owner.get('/segments/all/count')).status).toBe(404);
  });

  test('P-17 a number that cannot be had at once holds nothing up: it is counted, and comes by itself or by a link', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Asleep', 'activity:before:1m');
    const client = await portal.database.pool.connect();
    try {
      // Nobody can read the customers meanwhile: as slow as counting can be.
      await client.query('begin; lock table customer in access exclusive mode');
      const html = (await other.owner.get('/segments')).text;
      expect(textOf(html)).toMatch(/Loyal last activity within 3 months, at least 2 orders or messages 1/);
      expect(textOf(html)).toMatch(/Asleep last activity more than 1 month ago counting…/);
      expect(textOf(html)).toContain('Looking for overlaps…');
      expect(html).toContain(`hx-get="/segments/${id}/count" hx-trigger="load"`);
      expect(linkTo(html, 'Some numbers take longer: wait for them')).toBe('/segments?count=wait');
    } finally {
      await client.query('rollback');
      client.release();
    }
    expect(textOf((await other.owner.get('/segments?count=wait')).text)).toMatch(/more than 1 month ago 2/);
    expect(textOf((await other.owner.get(`/segments/${id}/count`)).text)).toBe(' 2 ');
  });

  test('P-17 above the list of very many customers the page waits for none: tabs fill themselves, or a link leads to all', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Men', 'gender:is:male');
    expect(textOf((await other.owner.get('/customers')).text)).toMatch(/Men 2/);
    await portal.database.prisma.$executeRaw(sql`
      update activity_rollup set customers = customers + 20000 where company_id = ${other.company.id}::uuid`);
    const html = (await other.owner.get('/customers')).text;
    expect(textOf(html)).toMatch(/Men …/);
    expect(html).toContain(`hx-get="/segments/${id}/count?as=text" hx-trigger="load"`);
    expect(linkTo(html, 'Some numbers take longer: wait for them')).toBe('/segments?count=wait');
    expect((await other.owner.get(`/segments/${id}/count?as=text`)).text).toBe('2');
  });

  test('P-18 P-19 P-20 P-21 as they came, the presets divide the customers', async () => {
    const other = await makeFour(portal);
    expect(textOf((await other.owner.get('/segments')).text)).toContain(
      'New, Loyal, and Inactive: everybody who ordered or wrote is in exactly one of them.',
    );
  });

  test('overlaps and holes are told with their numbers, and lead to those who are meant', async () => {
    const other = await makeFour(portal);
    const visitor = other.owner;
    await saved(visitor, 'Asleep', 'activity:before:1m');
    await saved(visitor, 'Women', 'gender:is:female');
    await visitor.post('/segments/new/deletion');
    const html = (await visitor.get('/segments')).text;
    expect(textOf(html)).toContain('1 customer is in “Loyal” and “Asleep” at once.');
    expect(textOf(html)).toContain('1 customer is in “Inactive” and “Asleep” at once.');
    expect(textOf(html)).toContain('2 customers who ordered or wrote are in none of them.');
    const links = [...html.matchAll(/<li>[^<]* <a href="([^"]*)">Show them/g)].map(([, path]) =>
      path?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='),
    );
    const found = await Promise.all(links.map(async (path) => namesIn((await visitor.get(String(path))).text)));
    expect(found).toEqual([['Петро'], ['Іван'], ['Марія', 'Олена']]);
    expect((await visitor.get('/segments/coverage')).text).toContain('“Asleep”');
  });
});

describe('programs', () => {
  test('P-10 see the company’s own segments with their numbers, and ask for their customers', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Men', 'gender:is:male');
    const client = new Client(portal, await apiKey(portal, other.company), other.company);
    expect((await client.get('segments')).body.segments).toEqual([
      { key: 'all', name: 'All', count: 4 },
      { key: 'new', name: 'New', count: 2 },
      { key: 'loyal', name: 'Loyal', count: 1 },
      { key: 'inactive', name: 'Inactive', count: 1 },
      { key: id, name: 'Men', count: 2 },
    ]);
    const { body } = await client.get(`customers?segment=${id}&where=any(orders:gte:3,region:is:Lviv)`);
    expect([body.total, body.customers.map(({ name }: { name: string }) => name)]).toEqual([2, ['Петро', 'Іван']]);
    await other.owner.post(`/segments/${id}/deletion`);
    expect((await client.get(`customers?segment=${id}`)).status).toBe(400);
    expect((await client.get('segments')).body.segments).toHaveLength(4);
  });

  test.each([
    ['any(gender:is:male,shoes:is:43)', '"where" "shoes:is:43": there is no such field.'],
    ['any(gender:is:male', '"where" "any(gender:is:male": the brackets do not close, or nothing stands in them.'],
    ['any(all(any(all(orders:gte:1))))', '"where" has more than 3 brackets in one another.'],
    [
      `any(${Array(21).fill('orders:gte:1').join(',')})`,
      '"where" is given too often; at most 20 conditions are possible.',
    ],
  ])('P-32 are refused %s', async (where, detail) => {
    const client = new Client(portal, await apiKey(portal, shop.company), shop.company);
    const answer = await client.get(`customers?where=${encodeURIComponent(where)}`);
    expect([answer.status, answer.body.detail]).toEqual([400, detail]);
  });
});

describe('an export', () => {
  test('P-92 means what its segment meant when it was asked for, changed or deleted since', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Men', 'gender:is:male');
    const html = (await other.owner.get(`/customers?segment=${id}&where=orders:gte:1`)).text;
    await follow(other.owner, await other.owner.post('/exports', { ...fieldsOf(html, '/exports'), format: 'csv' }));
    await other.owner.post(`/segments/${id}/deletion`);
    await portal.runJobs();
    const [row] = await portal.tenancy.inCompany(other.company, (db) =>
      db.query<{ id: string }>(sql`select id from export`),
    );
    expect(column(readCsv(await fileOf(portal, row?.id ?? '')), 'Name')).toEqual(['Петро', 'Іван']);
  });

  test('of a segment that is gone already is not made: it would hold everybody', async () => {
    const other = await makeFour(portal);
    const id = await saved(other.owner, 'Men', 'gender:is:male');
    await other.owner.post(`/segments/${id}/deletion`);
    const answer = await other.owner.post('/exports', { filter: `segment=${id}`, format: 'csv' });
    expect(textOf(await follow(other.owner, answer))).toContain('The segment was deleted meanwhile.');
    expect(textOf((await other.owner.get('/exports')).text)).not.toContain('CSV file ·');
  });
});

describe('the page of a customer', () => {
  test('P-17 says of each segment whether the customer is in it, and why, with the customer’s own values', async () => {
    const other = await makeFour(portal);
    await saved(
      other.owner,
      'Rich men',
      'gender:is:male',
      'any(orders_total:gte:1000,orders:gte:3)',
      'none(region:is:Kyiv)',
    );
    const petro = linkTo((await other.owner.get('/customers')).text, 'Петро');
    const html = (await other.owner.get(`${petro}/segments`)).text;
    const said = textOf(html);
    expect(said).toMatch(/New not in it .*Orders and messages: exactly 1 This customer: 3/);
    expect(said).toMatch(/Loyal in it .*Last activity: within 3 months This customer: 6 Oct 2026/);
    expect(said).toMatch(
      /Rich men in it .*Gender: male This customer: male .*At least one of these: .*This customer: UAH 30.00 .*Orders: 3 or more This customer: 3 .*None of these: .*Region: Kyiv This customer: not known/,
    );
    expect(html).toMatch(/reason-no[^\n]*Sum of orders/);
    expect(html).toMatch(/reason-yes[^\n]*Orders: 3 or more/);
  });

  test('P-17 agrees with the list, for every customer and every segment', async () => {
    const other = await makeFour(portal);
    const ids = [
      await saved(other.owner, 'One', 'tag:is:none', 'reviews:lt:1', 'message:is:written'),
      await saved(other.owner, 'Two', 'none(gender:is:male,feedback:is:any)'),
      await saved(other.owner, 'Three', 'any(region:contains:y,activity:before:2026-10-05)'),
    ];
    const list = (await other.owner.get('/customers')).text;
    for (const key of ['all', 'new', 'loyal', 'inactive', ...ids]) {
      const inside = namesIn((await other.owner.get(`/customers?segment=${key}`)).text);
      for (const name of namesIn(list)) {
        const page = (await other.owner.get(`${linkTo(list, name)}/segments`)).text;
        const row = page
          .split('<li class="row-item">')
          .find(
            (part) =>
              part.includes(key === 'all' ? '>All<' : `segment&#x3D;${key}"`) || part.includes(`segment=${key}"`),
          );
        expect([key, name, row?.includes('pill-good')]).toEqual([key, name, inside.includes(name)]);
      }
    }
  });
});
