import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { linkTo, makeShop, NOW, type Shop, textOf } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';

let portal: TestApp;
let shop: Shop;

const person = { name: 'Олена', phones: ['067 123 45 67'] };

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
  shop = await makeShop(portal);
});

afterAll(() => portal.close());

test('P-90 P-91 the tab shows what the customer wrote about the company, newest first, with the rating', async () => {
  await shop.feedback('1', person, { rating: 2, text: 'Slow.\nVery slow.', writtenAt: '2026-11-01T10:00:00Z' });
  const { customerId } = await shop.feedback('2', person, {
    rating: 5,
    text: '<b>Great</b>',
    writtenAt: '2026-11-05T10:00:00Z',
  });
  const { text: html } = await shop.owner.get(`/customers/${customerId}/feedback`);
  const rows = [...html.matchAll(/<li class="row-item">([\s\S]*?)<\/li>/g)].map(([, row]) => row ?? '');
  expect(rows.map((row) => /aria-label="([^"]*)"/.exec(row)?.[1])).toEqual(['5 of 5', '2 of 5']);
  expect(rows.map((row) => row.match(/star-full/g)?.length)).toEqual([5, 2]);
  expect(textOf(rows[0] ?? '')).toContain('5 Nov 2026, 12:00 · Олена <b>Great</b>');
  expect(rows[1]).toContain('Slow.\nVery slow.');
});

test('P-28 the list can be filtered by it', async () => {
  const found = async (where: string) =>
    (await shop.owner.get(`/customers?where=feedback:is:${where}`)).text.match(/class="who"/g)?.length ?? 0;
  await shop.feedback('3', { phones: ['050 111 11 11'] }, { rating: 3 });
  await shop.order('4', { phones: ['050 222 22 22'] });
  expect(await Promise.all(['any', 'none', 'good', 'neutral', 'bad', 'neutral|bad'].map(found))).toEqual([
    2, 1, 1, 1, 1, 2,
  ]);
});

test('P-53 is paged', async () => {
  const big = await makeShop(portal);
  let customer = '';
  for (let n = 1; n <= 21; n++) {
    ({ customerId: customer } = await big.feedback(`${n}`, person, {
      text: `f${n}.`,
      writtenAt: new Date(Date.UTC(2026, 9, n)).toISOString(),
    }));
  }
  const first = (await big.owner.get(`/customers/${customer}/feedback`)).text;
  expect(textOf(first)).toContain('1–20 of 21');
  expect(textOf((await big.owner.get(linkTo(first, 'Next page'))).text)).toContain('f1.');
});

test('a customer who wrote nothing', async () => {
  const { customerId } = await shop.order('5', { phones: ['050 333 33 33'] });
  expect(textOf((await shop.owner.get(`/customers/${customerId}/feedback`)).text)).toContain('No feedback');
});
