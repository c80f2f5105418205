import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, memberOf, type TestApp } from '../make.ts';
import { person, storePeople } from './make.ts';
import { linkTo, makeShop, NOW, namesIn, pageAt, type Shop, textOf } from './shop.ts';

let portal: TestApp;
let shop: Shop;

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
  shop = await makeShop(portal);
  const olena = { name: 'Олена Коваль', phones: ['067 123 45 67', '067 765 43 21'], emails: ['olena@example.com'] };
  await shop.order('1', { ...olena, gender: 'female', region: 'Kyiv' }, { total: '1250.00' });
  await shop.order('2', olena, { total: '123.00', currency: 'PLN', placedAt: '2026-11-20T23:30:00Z' });
  await shop.order(
    '3',
    { name: 'Іван Бондар', phones: ['050 123 45 67'], gender: 'male', region: 'Lviv' },
    { placedAt: '2026-01-05T10:00:00Z' },
  );
  for (const n of [4, 5, 6])
    await shop.order(
      `${n}`,
      { name: 'Петро', emails: ['petro@example.com'], gender: 'male' },
      { placedAt: `2026-10-0${n}T10:00:00Z` },
    );
  await shop.message('7', { accountId: 'u-7', phones: ['044 111 22 33'] }, { sentAt: '2026-11-21T09:00:00Z' });
});

afterAll(() => portal.close());

const open = (path: string, status?: number) => pageAt(shop.owner, path, status);

describe('the list', () => {
  test('P-12 P-16 shows the customers, the newest activity first', async () => {
    expect(namesIn(await open('/customers'))).toEqual(['+380 44 111 2233', 'Олена Коваль', 'Петро', 'Іван Бондар']);
  });

  test('P-40 P-41 P-42 P-43 P-45 P-46 P-47 P-48 shows name, phone, e-mail, orders, their sum, amounts without a rate, the last order', async () => {
    const html = await open('/customers?q=Коваль');
    const row = textOf(/<tbody>([\s\S]*)<\/tbody>/.exec(html)?.[1] ?? '');
    for (const part of [
      'Олена Коваль',
      'Kyiv',
      '+380 67 123 4567',
      '+1',
      'olena@example.com',
      ' 2 ',
      'UAH 1,250.00',
      '+ PLN 123.00, no rate',
    ]) {
      expect(row).toContain(part);
    }
    // 23:30 in UTC is the next day in the company's zone.
    expect(row).toContain('21 Nov 2026');
  });

  test('P-17 P-18 P-19 P-20 P-21 has four groups with their numbers, which lead to their lists', async () => {
    const html = await open('/customers');
    expect(textOf(html)).toMatch(/All 4 New 1 Loyal 2 Inactive 1/);
    expect(namesIn(await open(linkTo(html, 'New 1')))).toEqual(['+380 44 111 2233']);
    expect(namesIn(await open(linkTo(html, 'Loyal 2')))).toEqual(['Олена Коваль', 'Петро']);
    expect(namesIn(await open(linkTo(html, 'Inactive 1')))).toEqual(['Іван Бондар']);
  });

  test('P-68 a name opens the customer’s page', async () => {
    const html = await open(linkTo(await open('/customers'), 'Іван Бондар'));
    expect(textOf(html)).toContain('Іван Бондар');
  });

  test.each([
    ['sort=name', ['+380 44 111 2233', 'Іван Бондар', 'Олена Коваль', 'Петро']],
    ['sort=-sum', ['Олена Коваль', 'Петро', 'Іван Бондар', '+380 44 111 2233']],
    ['sort=-orders', ['Петро', 'Олена Коваль', 'Іван Бондар', '+380 44 111 2233']],
  ])('can be sorted: %s', async (query, names) => {
    expect(namesIn(await open(`/customers?${query}`))).toEqual(names);
  });

  test('a column sorted by says so, and its heading turns the order round', async () => {
    const html = await open('/customers?sort=-orders');
    expect(html).toContain('aria-sort="descending"');
    expect(html).toContain('href="/customers?sort&#x3D;orders"');
  });

  test('the number found follows group, conditions and search; those of the groups do not', async () => {
    const html = textOf(await open('/customers?segment=loyal&where=gender:is:male'));
    expect(html).toContain('1–1 of 1');
    expect(html).toMatch(/All 4 New 1 Loyal 2 Inactive 1/);
  });

  test('shows nothing of another company', async () => {
    const other = await makeShop(portal);
    expect(textOf((await other.owner.get('/customers')).text)).toContain('No customers yet');
  });
});

describe('filters', () => {
  test('P-32 are added one after the other, without any script', async () => {
    const chosen = await open(linkTo(await open('/customers'), 'Gender'));
    expect(chosen).toContain('name="add" value="gender"');
    const first = await shop.owner.get('/customers?add=gender&op=is&value=male');
    expect([first.status, first.headers.location]).toEqual([303, '/customers?where=gender%3Ais%3Amale']);
    const second = await shop.owner.get(`${first.headers.location}&add=orders&op=gt&value=2`);
    const html = await open(String(second.headers.location));
    expect(namesIn(html)).toEqual(['Петро']);
    expect(textOf(html)).toContain('Gender: male');
    expect(textOf(html)).toContain('Orders: more than 2');
    expect(linkTo(html, 'Remove the filter “Gender: male”')).toBe('/customers?where=orders%3Agt%3A2');
    expect(linkTo(html, 'Clear all filters')).toBe('/customers');
  });

  test.each([
    ['add=gender&op=is&value=male&value=unknown', 'gender:is:male|unknown'],
    ['add=orders_total&op=between&value=1 000,50&to=2000', 'orders_total:between:1000.50..2000'],
    ['add=orders_total&op=gte&value=1,250', 'orders_total:gte:1250'],
    ['add=orders&op=gte&value=1,250', 'orders:gte:1250'],
    ['add=activity&op=older&amount=3&unit=m', 'activity:before:3m'],
    ['add=activity&op=within&amount=2&unit=w', 'activity:within:2w'],
    ['add=last_order&op=between&day=2026-01-01&until=2026-01-31', 'last_order:between:2026-01-01..2026-01-31'],
    ['add=last_order&op=on&day=2026-01-01&until=2026-01-31', 'last_order:on:2026-01-01'],
    ['add=region&op=is&value=a|b', 'region:is:a%7Cb'],
  ])('P-25 P-27 P-28 P-29 P-30 P-31 the form %s makes %s', async (query, where) => {
    const answer = await shop.owner.get(`/customers?${encodeURI(query)}`);
    expect(new URLSearchParams(String(answer.headers.location).split('?')[1]).get('where')).toBe(where);
  });

  test.each([
    'add=gender&op=is',
    'add=orders&op=gte&value=many',
    'add=activity&op=on&day=',
    'add=region&op=contains&value=',
  ])('a form that makes no filter is shown again, with what was typed: %s', async (query) => {
    const html = await open(`/customers?${query}`, 422);
    expect(html).toContain('id="condition-error"');
    if (query.includes('many')) expect(html).toContain('value="many"');
    expect(namesIn(html)).toHaveLength(4);
  });

  test('P-50 a search for signs alone finds nobody, and says why', async () => {
    const html = await open('/customers?q=---');
    expect(namesIn(html)).toEqual([]);
    expect(textOf(html)).toContain('Signs alone find nobody');
    expect(linkTo(html, 'Clear the search')).toBe('/customers');
  });

  test('P-25 the regions there are can be chosen', async () => {
    const html = await open('/customers?add=region');
    expect([...html.matchAll(/<option value="(Kyiv|Lviv)">/g)].map(([, region]) => region)).toEqual(['Kyiv', 'Lviv']);
  });

  test('keep the search, and the search keeps them', async () => {
    const html = await open('/customers?q=example.com&where=gender:is:male&sort=name');
    expect(namesIn(html)).toEqual(['Петро']);
    expect(html).toContain('<input type="hidden" name="where" value="gender:is:male">');
    expect(linkTo(html, 'Clear the search')).toBe('/customers?where=gender%3Ais%3Amale&sort=name');
    expect(linkTo(html, 'Remove the filter “Gender: male”')).toBe('/customers?q=example.com&sort=name');
  });

  test('one that is not understood is shown as such, and the rest of the list stays', async () => {
    const html = await open('/customers?where=colour:is:red&where=gender:is:male&sort=-name');
    expect(namesIn(html)).toEqual(['Петро', 'Іван Бондар']);
    expect(textOf(html)).toContain('No such filter: colour:is:red');
    expect(linkTo(html, 'Remove the filter “No such filter: colour:is:red”')).toBe(
      '/customers?where=gender%3Ais%3Amale&sort=-name',
    );
  });

  test('what is typed is shown as text, never as markup', async () => {
    const html = await open(
      `/customers?q=${encodeURIComponent('<script>alert(1)</script>')}&where=${encodeURIComponent('<b>:is:x')}`,
    );
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<b>:is');
  });
});

describe('pages', () => {
  test('P-52 P-53 20 to a page, or 50, or 100; forwards, backwards and by number', async () => {
    const big = await makeShop(portal);
    const people = Array.from({ length: 130 }, (_, n) => person({ name: `P${String(n).padStart(3, '0')}` }));
    await storePeople(portal.tenancy, big.company, people);
    const all = people.map(({ name }) => name);
    const get = async (path: string) => (await big.owner.get(path)).text;

    const first = await get('/customers?sort=name');
    expect(namesIn(first)).toEqual(all.slice(0, 20));
    expect(textOf(first)).toContain('1–20 of 130');
    expect(textOf(first)).toContain('of 7');
    const second = await get(linkTo(first, 'Next page'));
    expect(namesIn(second)).toEqual(all.slice(20, 40));
    expect(textOf(second)).toContain('21–40 of 130');
    expect(namesIn(await get(linkTo(second, 'Previous page')))).toEqual(all.slice(0, 20));
    expect(namesIn(await get(linkTo(second, 'Last page')))).toEqual(all.slice(120));
    expect(namesIn(await get('/customers?sort=name&page=4'))).toEqual(all.slice(60, 80));
    expect(namesIn(await get(linkTo(first, '100')))).toHaveLength(100);
    expect(textOf(await get('/customers?page=99'))).toContain('There is nothing on this page');
  });

  test('a number that took too long to count comes later, by itself or by a link', async () => {
    const fragment = await shop.owner.get('/customers/total?where=gender:is:male');
    expect([fragment.status, fragment.text.trim()]).toEqual([200, '<span>of 2</span>']);
    expect(textOf(await open('/customers?where=gender:is:male&count=wait'))).toContain('1–2 of 2');
  });
});

describe('an empty list says what to do', () => {
  test('P-13 P-14 P-15 without any customer yet', async () => {
    const empty = await makeShop(portal);
    const html = (await empty.owner.get('/customers')).text;
    expect(textOf(html)).toContain('as soon as the marketplace sends orders and messages');
    expect([linkTo(html, 'Read the API documentation'), linkTo(html, 'Make an API key')]).toEqual([
      '/api/docs',
      '/settings/keys',
    ]);
  });

  test('when nothing matches', async () => {
    const html = await open('/customers?q=nobody&where=gender:is:male&where=orders:gt:2');
    expect(linkTo(html, 'Remove the last filter')).toBe('/customers?where=gender%3Ais%3Amale&q=nobody');
    expect(linkTo(html, 'Clear the search')).toBe('/customers?where=gender%3Ais%3Amale&where=orders%3Agt%3A2');
  });

  test('when nobody is in the group', async () => {
    const young = await makeShop(portal);
    await young.order('1', { name: 'A', phones: ['067 123 45 67'] });
    expect(linkTo((await young.owner.get('/customers?segment=inactive')).text, 'Show all customers')).toBe(
      '/customers',
    );
  });
});

describe('the export', () => {
  test('P-92 takes what the list shows', async () => {
    const html = await open('/customers?segment=loyal&where=gender:is:male&q=petro&sort=name&per=50&page=1');
    const filter = /name="filter" value="([^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    expect(filter).toBe('segment=loyal&where=gender%3Ais%3Amale&q=petro&sort=name');
  });

  test('is not offered to a viewer', async () => {
    const viewer = await memberOf(portal, shop.company, 'viewer');
    const { text } = await viewer.get('/customers');
    expect(namesIn(text)).toHaveLength(4);
    expect(text).not.toContain('action="/exports"');
  });
});

describe('the customer’s page', () => {
  test('P-67 says everything known: contacts as written, sums, numbers, dates', async () => {
    const text = textOf(await open(linkTo(await open('/customers'), 'Олена Коваль')));
    for (const part of [
      'Олена Коваль',
      'Kyiv',
      'female',
      '+380 67 765 4321 written as 067 765 43 21',
      'olena@example.com',
      'All orders whatever their status UAH 1,250.00',
      'Open neither paid nor cancelled UAH 1,250.00',
      'Without a rate in other currencies, not in the sums above PLN 123.00',
      'First activity 1 Nov 2026, 12:00',
      'Last order 21 Nov 2026, 01:30',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('of a merged customer leads to the survivor, on every tab, over several merges', async () => {
    const chain = await makeShop(portal);
    const first = await chain.order('1', { name: 'A', phones: ['067 000 00 01'] });
    const second = await chain.order('2', { name: 'B', phones: ['067 000 00 02'] });
    const third = await chain.order('3', { name: 'C', phones: ['067 000 00 03'] });
    await chain.order('4', { phones: ['067 000 00 02', '067 000 00 03'] });
    await chain.order('5', { phones: ['067 000 00 01', '067 000 00 02'] });
    for (const tab of ['', '/orders', '/messages', '/feedback']) {
      for (const { customerId } of [second, third]) {
        const answer = await chain.owner.get(`/customers/${customerId}${tab}`);
        expect([answer.status, answer.headers.location]).toEqual([301, `/customers/${first.customerId}${tab}`]);
      }
    }
    expect((await chain.owner.get(`/customers/${first.customerId}`)).status).toBe(200);
  });

  test('of another company, like one that is not there, is not found', async () => {
    const other = await makeShop(portal);
    const { customerId } = await other.order('1', { name: 'X', phones: ['067 999 99 99'] });
    for (const tab of ['', '/orders', '/messages', '/feedback']) await open(`/customers/${customerId}${tab}`, 404);
    await open('/customers/0193000f-4b29-7000-8c33-7504f208360b', 404);
    await open('/customers/no-id', 404);
  });

  test('says which other customer may be the same person, and why', async () => {
    const asking = await makeShop(portal, { identity: 'ask' });
    const one = await asking.order('1', { name: 'One', phones: ['067 111 11 11'] });
    const two = await asking.order('2', { name: 'Two', emails: ['two@example.com'] });
    const both = await asking.order('3', { phones: ['067 111 11 11'], emails: ['two@example.com'] }, { number: 'N-3' });
    for (const [here, there, name] of [
      [one, two, 'Two'],
      [two, one, 'One'],
    ] as const) {
      const html = (await asking.owner.get(`/customers/${here.customerId}`)).text;
      expect(textOf(html)).toContain(`May be the same person as ${name}`);
      expect(textOf(html)).toContain('They stay apart; both pages show the proof.');
      expect(linkTo(html, name)).toBe(`/customers/${there.customerId}`);
      expect(linkTo(html, 'Order N-3')).toBe(`/orders/${both.id}`);
    }
  });

  test('marks a contact that is shared', async () => {
    const { customerId } = await shop.order('80', {
      name: 'Shared',
      phones: ['044 222 33 44'],
      emails: ['own@example.com'],
    });
    await portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`update contact set shared = true where value = '+380442223344'`),
    );
    const text = textOf(await open(`/customers/${customerId}`));
    expect(text).toMatch(/\+380 44 222 3344 .{0,40}shared/);
    expect(text.match(/shared/g)).toHaveLength(1);
  });
});

test('every page speaks the reader’s language', async () => {
  const html = await open('/customers?where=orders:gte:2&lang=uk');
  await shop.owner.post('/profile/language', { locale: 'uk' });
  const text = textOf(await open('/customers?where=activity:within:3m&where=orders:gte:2'));
  await shop.owner.post('/profile/language', { locale: 'en' });
  expect(html).toContain('lang="en"');
  for (const part of [
    'Клієнти',
    'Нові',
    'Остання активність: не раніше ніж 3 місяці тому',
    'Замовлення: 2 або більше',
  ]) {
    expect(text).toContain(part);
  }
});
