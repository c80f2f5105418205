import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { linkTo, makeShop, NOW, namesIn, pageAt, type Shop, textOf } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';

let portal: TestApp;
let shop: Shop;
let olena: string;
const ids: Record<string, string> = {};

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
  await portal.tenancy.inPortal((db) =>
    db.execute(sql`
      insert into exchange_rate (from_currency, to_currency, day, rate) values ('PLN', 'UAH', '2026-10-30', 10.4321), ('PLN', 'UAH', '2026-11-10', 11)`),
  );
  shop = await makeShop(portal);
  const send = async (externalId: string, customer: object, changes: object) => {
    const { id, customerId } = await shop.order(externalId, customer, changes);
    ids[externalId] = id;
    return customerId;
  };
  const account = { accountId: 'u-7' };
  olena = await send(
    'A-1',
    { ...account, name: 'Олена Коваль', emails: ['olena@example.com'], phones: ['067 123 45 67'], region: 'Kyiv' },
    {
      number: '1001',
      status: 'shipped',
      items: [
        { sku: 'TS-1', name: 'T-shirt', quantity: 2, unitPrice: '625.00' },
        { name: 'Ribbon', quantity: 1.5, unitPrice: '0.33' },
        { name: 'Cup', quantity: 1, unitPrice: '10.00' },
        { name: 'Plate', quantity: 1, unitPrice: '10.00' },
      ],
      total: '1250.00',
      payment: { method: 'card', paidAt: '2026-11-01T11:00:00Z' },
      delivery: { method: 'courier', address: 'Khreshchatyk 1, Kyiv' },
      source: 'site',
    },
  );
  await send(
    'A-2',
    { ...account, name: 'O. Koval', emails: ['Work@Example.com'] },
    { number: '1002', currency: 'PLN', total: '100.00', placedAt: '2026-11-09T23:30:00Z' },
  );
  await send('A-3', { ...account }, { number: '1003', currency: 'EUR', total: '5.00', status: 'cancelled' });
  await send('A-4', { name: 'Nobody', phones: ['12'] }, { number: '1004', total: '7.00' });
});

afterAll(() => portal.close());

const open = (path: string, status?: number) => pageAt(shop.owner, path, status);

const rowsIn = (html: string): string[] =>
  [...(/<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1] ?? '').matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    textOf(row ?? '').trim(),
  );

describe('the tab with a customer’s orders', () => {
  test('P-71 shows all of them, newest first', async () => {
    expect(namesIn(await open(`/customers/${olena}/orders`))).toEqual(['1002', '1003', '1001']);
  });

  test('P-72 P-74 P-75 P-77 P-78 a row says number, time, goods, total, name and e-mail, payment, delivery, source, status', async () => {
    const [, , row] = rowsIn(await open(`/customers/${olena}/orders`));
    for (const part of [
      '1001',
      '1 Nov 2026, 12:00',
      'T-shirt, Ribbon, Cup and 1 more',
      'UAH 1,250.00',
      '6 items',
      'Олена Коваль',
      'olena@example.com',
      'card',
      'courier',
      'site',
      'shipped',
    ]) {
      expect(row).toContain(part);
    }
  });

  test('P-75 P-76 name and e-mail are those given in each order', async () => {
    const [koval] = rowsIn(await open(`/customers/${olena}/orders`));
    expect(koval).toContain('O. Koval Work@Example.com');
    expect(koval).not.toContain('Олена');
  });

  test('P-47 another currency is converted, or said to have no rate', async () => {
    const [converted, without] = rowsIn(await open(`/customers/${olena}/orders`));
    expect(converted).toContain('PLN 100.00 = UAH 1,100.00');
    expect(without).toContain('€5.00 no rate known');
  });

  test('every order says why it is here', async () => {
    const rows = rowsIn(await open(`/customers/${olena}/orders`));
    expect(rows[2]).toContain('First seen with account u-7');
    expect(rows[0]).toContain('The account u-7 was known');
  });

  test('P-53 is paged', async () => {
    const big = await makeShop(portal);
    let customer = '';
    for (let n = 1; n <= 21; n++) {
      const placedAt = new Date(Date.UTC(2026, 9, n)).toISOString();
      ({ customerId: customer } = await big.order(`${n}`, { phones: ['067 000 00 00'] }, { placedAt }));
    }
    const first = (await big.owner.get(`/customers/${customer}/orders`)).text;
    expect(textOf(first)).toContain('1–20 of 21');
    const second = (await big.owner.get(linkTo(first, 'Next page'))).text;
    expect([...namesIn(first), ...namesIn(second)]).toEqual(Array.from({ length: 21 }, (_, n) => `${21 - n}`));
    expect(namesIn((await big.owner.get(`/customers/${customer}/orders?per=50`)).text)).toHaveLength(21);
  });
});

describe('one order', () => {
  test('P-74 shows its lines, and that the total that was sent counts', async () => {
    const html = await open(`/orders/${ids['A-1']}`);
    expect(rowsIn(html)).toEqual([
      'T-shirt TS-1 2 UAH 625.00 UAH 1,250.00',
      'Ribbon 1.5 UAH 0.33 UAH 0.50',
      'Cup 1 UAH 10.00 UAH 10.00',
      'Plate 1 UAH 10.00 UAH 10.00',
    ]);
    expect(textOf(html)).toContain('The goods add up to UAH 1,270.50; the total that was sent counts.');
  });

  test('P-75 P-77 shows what it said of the person, of payment and delivery', async () => {
    const text = textOf(await open(`/orders/${ids['A-1']}`));
    for (const part of [
      'Order 1001',
      'A-1',
      'Phones 067 123 45 67',
      'E-mails olena@example.com',
      'Region Kyiv',
      'Payment card',
      'Paid 1 Nov 2026, 13:00',
      'Address Khreshchatyk 1, Kyiv',
      'Source site',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('P-47 names the rate in force on its day, in the company’s zone', async () => {
    const text = textOf(await open(`/orders/${ids['A-2']}`));
    expect(text).toContain('= UAH 1,100.00');
    expect(text).toContain('1 PLN = 11 UAH, in force from 10 Nov 2026');
    expect(textOf(await open(`/orders/${ids['A-3']}`))).toContain('€5.00 no rate known');
  });

  test('says whose it is and by which contacts, and leads there', async () => {
    const html = await open(`/orders/${ids['A-1']}`);
    expect(linkTo(html, 'O. Koval')).toBe(`/customers/${olena}`);
    expect(textOf(html)).toContain(
      'Contacts that identify u-7 +380 67 123 4567 written as 067 123 45 67 olena@example.com',
    );
  });

  test('without a usable contact it belongs to nobody, and says so', async () => {
    const text = textOf(await open(`/orders/${ids['A-4']}`));
    expect(text).toContain('so it belongs to no customer');
    expect(text).toContain('Phones 12');
  });

  test('of another company, like one that is not there, is not found', async () => {
    const other = await makeShop(portal);
    const { id } = await other.order('1', { name: 'X', phones: ['067 999 99 99'] });
    await open(`/orders/${id}`, 404);
    await open('/orders/0193000f-4b29-7000-8c33-7504f208360b', 404);
  });
});

describe('all orders', () => {
  test('newest first, also those without a customer', async () => {
    const rows = rowsIn(await open('/orders'));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain('1002');
    expect(rows.find((row) => row.includes('1004'))).toContain('no customer');
  });

  test('only those without a customer', async () => {
    expect(namesIn(await open('/orders?customer=none'))).toEqual(['1004']);
  });

  test.each(['1002', '№1002', 'A-2', ' 1002 '])('P-50 by number: %s', async (q) => {
    expect(namesIn(await open(`/orders?q=${encodeURIComponent(q)}`))).toEqual(['1002']);
  });

  test('a number that is not there', async () => {
    expect(textOf(await open('/orders?q=100'))).toContain('There is no such order');
    expect(namesIn(await open('/orders?q=1002&customer=none'))).toEqual([]);
  });

  test('are paged both ways, whatever the cursor holds', async () => {
    const big = await makeShop(portal);
    for (let n = 1; n <= 45; n++) await big.order(`${n}`, { phones: [`067 000 00 ${n % 10}0`] });
    const get = async (path: string) => (await big.owner.get(path)).text;
    const first = await get('/orders');
    const second = await get(linkTo(first, 'Older'));
    const third = await get(linkTo(second, 'Older'));
    const all = [first, second, third].flatMap(namesIn);
    expect(new Set(all).size).toBe(45);
    expect(namesIn(await get(linkTo(third, 'Newer')))).toEqual(namesIn(second));
    expect(namesIn(await get(linkTo(second, 'Newer')))).toEqual(namesIn(first));
    expect(namesIn(await get('/orders?after=nonsense'))).toEqual(namesIn(first));
  });

  test('none yet', async () => {
    const empty = await makeShop(portal);
    expect(textOf((await empty.owner.get('/orders')).text)).toContain('No orders yet');
  });
});
