import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type CustomerAnswer, type CustomerPage, customerPage } from '../../src/api/answers.ts';
import { isCleanText } from '../../src/kernel/text.ts';
import { sharedData } from '../kernel/shared-data.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { Client, feedback, message, order } from './client.ts';

/** Characters as people count them: one emoji may be two units of a string. */
const lengthOf = (text: string) => [...text].length;

// A sample that is always there, and the Big List of Naughty Strings where the data folder is.
const SAMPLE = [
  '',
  ' ',
  '\u00a0\u2003',
  'null',
  'undefined',
  'NaN',
  '0',
  '-1',
  '1e309',
  '0x10',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  "'; drop table customer; --",
  "' or 1=1 --",
  '\\',
  '\\x',
  '%',
  '_',
  '%s%n',
  '$1',
  '$' + '{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("x")',
  '+1+1',
  '@SUM(A1)',
  '\t\r\n',
  '\u0001\u001f\u007f',
  '\u200b\ufeff',
  '\u202eabc',
  'İıſß',
  'Z̴̡͖͍a̸l̵g̷o̶',
  'a\u0301'.repeat(80),
  '👩‍👩‍👧‍👦🇺🇦',
  '田中さん',
  'عربي',
  '\ufffd\uffff',
  '../../etc/passwd',
  'file:///etc/passwd',
  'CON',
  'http://[::1]/',
];
const BROKEN = ['a\0b', '\0', '\ud800', '\udc00a', 'a\ud83d'];
const strings: string[] = [
  ...SAMPLE,
  ...BROKEN,
  ...(JSON.parse(sharedData('naughty_strings.json') ?? '[]') as string[]),
];

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const makeClient = async () => {
  const company = await makeCompany(portal);
  return new Client(portal, await apiKey(portal, company), company);
};

test('every text that can be one is stored and given back as it came; every other is refused by name', async () => {
  const client = await makeClient();
  const items = strings.map((text, n) => ({
    ...order,
    externalId: `A-${n}`,
    customer: { accountId: `u-${n}`, name: text, region: text },
    items: [{ sku: text, name: `item ${text}`, quantity: 1, unitPrice: '1.00' }],
    payment: { method: text },
    delivery: { method: text, address: text },
    source: text,
  }));
  const results = await client.results('orders', items);
  const kept = strings.map((text) => isCleanText(text) && lengthOf(text) <= 255);
  expect(results.map((result) => result.status === 'created')).toEqual(kept);
  for (const [n, { errors }] of results.entries()) {
    if (kept[n]) continue;
    expect(errors).toContainEqual({ path: 'customer.name', message: expect.stringMatching(/NUL|255/) });
  }
  const shown = await allCustomers(client);
  for (const [n, { customerId }] of results.entries()) {
    if (!customerId) continue;
    const given = strings[n]?.trim() === '' ? '' : strings[n];
    expect(shown.get(customerId)).toMatchObject({ name: given, region: given === '' ? null : given });
  }
});

async function allCustomers(client: Client) {
  const found = new Map<string, CustomerAnswer>();
  for (let next: string | null = ''; next !== null; ) {
    const page: CustomerPage = customerPage.parse((await client.get('customers?per=100').query({ cursor: next })).body);
    for (const customer of page.customers) found.set(customer.id, customer);
    next = page.next;
  }
  return found;
}

test('as names of orders, accounts, phones, e-mails and threads they harm nobody, and their neighbours are stored', async () => {
  const client = await makeClient();
  const good = { ...order, externalId: 'good', customer: { accountId: 'good' } };
  const named = strings.map((text) => ({
    ...order,
    externalId: text,
    number: text === '' ? null : text,
    customer: { accountId: text === '' ? null : text, phones: [text], emails: [text] },
  }));
  const results = await client.results('orders', [...named, good]);
  expect(results.at(-1)?.status).toBe('created');
  for (const [n, { status, errors }] of results.slice(0, -1).entries()) {
    const text = strings[n] ?? '';
    const usable = isCleanText(text) && lengthOf(text) <= 100 && text.trim() !== '';
    expect([text, status === 'rejected', errors.length > 0]).toEqual([text, !usable, !usable]);
  }
  const messages = await client.results(
    'messages',
    [
      ...strings.map((text, n) => ({ ...message, externalId: `M-${n}`, text, channel: text })),
      ...strings.map((text, n) => ({ ...message, externalId: `T-${n}`, threadId: text, orderExternalId: text })),
    ].slice(0, 1000),
  );
  expect(messages.filter((result) => result.status === 'created').length).toBeGreaterThan(SAMPLE.length);
  const written = await client.results(
    'feedback',
    strings.map((text, n) => ({ ...feedback, externalId: `F-${n}`, text })),
  );
  expect(written.map((result) => result.status === 'created')).toEqual(strings.map(isCleanText));
});

test('in the address they find nothing, or are refused', async () => {
  const client = await makeClient();
  await client.results('orders', [order]);
  for (const text of SAMPLE) {
    for (const query of [{ q: text }, { where: `region:contains:${text}` }]) {
      const answer = await client.get('customers').query(query);
      expect([query, [200, 400].includes(answer.status)]).toEqual([query, true]);
    }
  }
});
