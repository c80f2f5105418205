import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { linkTo, makeShop, NOW, namesIn, type Shop, textOf } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';

let portal: TestApp;
let shop: Shop;
let olena: string;

const person = { name: 'Олена', phones: ['067 123 45 67'] };

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
  shop = await makeShop(portal);
  ({ customerId: olena } = await shop.order('A-1', person, { number: '1001' }));
  const say = (id: string, text: string, changes: object) => shop.message(id, person, { text, ...changes });
  await say('1', 'Is it blue?', { threadId: 'x', sentAt: '2026-11-02T10:00:00Z', channel: 'chat' });
  await say('2', 'Yes, it is.', { threadId: 'x', sentAt: '2026-11-02T11:00:00Z', direction: 'out', channel: 'chat' });
  await say('3', 'Where is my\nparcel?', { sentAt: '2026-11-05T10:00:00Z', orderExternalId: 'A-1' });
  await say('4', 'Thanks', { threadId: 'z', sentAt: '2026-11-01T10:00:00Z' });
});

afterAll(() => portal.close());

const open = async (path: string) => (await shop.owner.get(path)).text;

test('P-90 the tab shows the conversations, the latest first, and which wait for an answer', async () => {
  const html = await open(`/customers/${olena}/messages`);
  const rows = [...html.matchAll(/<li class="row-item thread">([\s\S]*?)<\/li>/g)].map(([, row]) =>
    textOf(row ?? '').trim(),
  );
  expect(rows).toEqual([
    expect.stringMatching(/^Where is my parcel\? 5 Nov 2026, 12:00 · 1 message · order 1001 waits for an answer$/),
    expect.stringMatching(/^You: Yes, it is\. 2 Nov 2026, 13:00 · 2 messages · chat$/),
    expect.stringMatching(/^Thanks 1 Nov 2026, 12:00 · 1 message waits for an answer$/),
  ]);
});

test('a conversation opens with everything said in it, newest first', async () => {
  const html = await open(linkTo(await open(`/customers/${olena}/messages`), 'You: Yes, it is.'));
  const said = [...html.matchAll(/<p class="said-text">([^<]*)<\/p>/g)].map(([, text]) => text);
  expect(said).toEqual(['Yes, it is.', 'Is it blue?']);
  expect(textOf(html)).toContain('1–2 of 2');
});

test('a conversation of another customer is not shown under this one', async () => {
  const other = await shop.message('9', { phones: ['050 999 99 99'] }, { threadId: 'other', text: 'secret' });
  expect(await open(`/customers/${olena}/messages?thread=t:other`)).not.toContain('secret');
  expect(await open(`/customers/${other.customerId}/messages?thread=t:other`)).toContain('secret');
});

test('P-29 the list can be filtered by who wrote, who did not, and who waits for an answer', async () => {
  const mixed = await makeShop(portal);
  const ask = { text: 'Hello?', threadId: 't' };
  await mixed.message('1', { name: 'Waits', phones: ['067 000 00 01'] }, ask);
  await mixed.message('2', { name: 'Answered', phones: ['067 000 00 02'] }, { ...ask, threadId: 'u' });
  await mixed.message(
    '3',
    { phones: ['067 000 00 02'] },
    { ...ask, threadId: 'u', direction: 'out', sentAt: '2026-11-03T10:00:00Z' },
  );
  await mixed.order('4', { name: 'Silent', phones: ['067 000 00 03'] });
  const found = async (where: string) => namesIn((await mixed.owner.get(`/customers?sort=name&where=${where}`)).text);
  expect(await found('message:is:written')).toEqual(['Answered', 'Waits']);
  expect(await found('message:is:none')).toEqual(['Silent']);
  expect(await found('message:is:unanswered')).toEqual(['Waits']);
});

test('the number on the tab is that of the conversations below: what only the company wrote is none', async () => {
  const { customerId } = await shop.order('A-9', { phones: ['044 999 88 77'] });
  const say = (id: string, direction: string) =>
    shop.message(id, { phones: ['044 999 88 77'] }, { threadId: `only-${direction}`, direction });
  await say('90', 'out');
  expect(textOf(await open(`/customers/${customerId}/messages`))).toMatch(/Messages 0 .*No messages/);
  await say('91', 'in');
  const html = await open(`/customers/${customerId}/messages`);
  expect(textOf(html)).toMatch(/Messages 1 .*1–1 of 1/);
  expect(html.match(/<li class="row-item thread">/g)).toHaveLength(1);
});

test.each(['orders', 'messages', 'feedback', 'messages?thread=t:x'])(
  'behind the last page of %s a way leads back',
  async (tab) => {
    const first = `/customers/${olena}/${tab}`;
    const html = await open(`${first}${tab.includes('?') ? '&' : '?'}page=99&per=50`);
    expect(textOf(html)).toContain('There is nothing on this page');
    expect(textOf(html)).not.toMatch(/No orders|No messages|No feedback|anything yet/);
    const back = new URL(linkTo(html, 'To the first page'), 'http://localhost');
    expect([back.pathname, back.searchParams.get('page'), back.searchParams.get('per')]).toEqual([
      first.replace(/\?.*/, ''),
      null,
      '50',
    ]);
    expect(back.searchParams.get('thread')).toBe(tab.includes('?') ? 't:x' : null);
  },
);

test('P-53 is paged', async () => {
  const big = await makeShop(portal);
  let customer = '';
  for (let n = 1; n <= 21; n++) {
    ({ customerId: customer } = await big.message(`${n}`, person, {
      text: `m${n}.`,
      sentAt: new Date(Date.UTC(2026, 9, n)).toISOString(),
    }));
  }
  const first = (await big.owner.get(`/customers/${customer}/messages`)).text;
  expect(textOf(first)).toContain('1–20 of 21');
  expect(textOf((await big.owner.get(linkTo(first, 'Next page'))).text)).toContain('m1.');
});

test('a customer who wrote nothing', async () => {
  const { customerId } = await shop.order('A-2', { phones: ['044 111 22 33'] });
  expect(textOf(await open(`/customers/${customerId}/messages`))).toContain('No messages');
});
