import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parsePhone } from '../../src/kernel/phone.ts';
import { isCleanText } from '../../src/kernel/text.ts';
import { sql } from '../../src/platform/db.ts';
import { feedback, makeShop, message, NO_DRIFT, openPortal, order, type Portal } from '../identity/make.ts';
import { sharedData } from '../kernel/shared-data.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const BUILT_IN = [
  "'; drop table customer; --",
  '" or ""="',
  '{}',
  '{"a": 1}',
  '{a,b,"c',
  'null',
  'NULL',
  '\\',
  '\\x41\\u0000',
  '%s%n _% $1 {{name}}',
  '<script>alert(1)</script>',
  '=HYPERLINK("http://x.test")',
  '  blanks  around\tand\nlines\r\n',
  'Олена Коваль-Ґудзь',
  'Zoe\u0308 / Zo\u00eb',
  '\u202eright to left\u202c',
  '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'ﷺ'.repeat(20),
  '\ufeffbom\u200b',
  '\u0001\u001f\u007f\u0085\u2028',
  'a\u0301'.repeat(100),
  '㌀㌁㌂㌃㌄㌅㌆㌇㌈㌉㌊㌋㌌㌍'.repeat(18),
];

/** Those that can be a name: not empty, clean, no longer than names are. */
function naughtyStrings(): string[] {
  const shared: unknown = JSON.parse(sharedData('naughty_strings.json') ?? '[]');
  const all = [...BUILT_IN, ...(Array.isArray(shared) ? shared.map(String) : [])];
  return [...new Set(all)].filter((text) => text.trim() !== '' && text.length <= 255 && isCleanText(text));
}

/** At most so long, and no character cut in half. */
const start = (text: string, length: number) => text.slice(0, length).replace(/\p{Surrogate}$/u, '');

describe('texts of every kind pass unharmed', () => {
  const texts = naughtyStrings();

  test('through an order, its person and its items', async () => {
    const shop = await makeShop(portal);
    const orders = texts.map((text, n) =>
      order(
        `A-${n}-${start(text, 100)}`,
        { emails: [`p${n}@x.test`], name: text, region: text },
        {
          number: text,
          source: text,
          payment: { method: text },
          delivery: { method: text, address: text },
          items: [{ sku: text, name: text, quantity: 1, unitPrice: '1' }],
        },
      ),
    );
    const results = await shop.orders(...orders);
    expect(results.filter(({ status }) => status !== 'created')).toEqual([]);
    const rows = await shop.query<Record<string, string>>(sql`
      select c.name, c.region, a.name as said, a.region as said_region, o.number, o.source, o.payment_method, o.delivery_method,
             o.delivery_address, o.first_item, i.sku, i.name as item
      from arrival a join orders o on o.id = a.id join order_item i on i.order_id = o.id join customer c on c.id = a.customer_id
      order by a.id`);
    expect(rows.map((row) => new Set(Object.values(row)))).toEqual(texts.map((text) => new Set([text])));
    const again = await shop.orders(...orders);
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    expect(await shop.drift()).toEqual(NO_DRIFT);
  }, 30_000);

  test('through messages and feedback, as threads, channels and names of theirs', async () => {
    const shop = await makeShop(portal);
    const olena = { emails: ['olena@x.test'] };
    const sent = texts.map((text) => message(text, olena, { threadId: start(text, 250), channel: text, text }));
    expect((await shop.messages(...sent)).filter(({ status }) => status !== 'created')).toEqual([]);
    expect((await shop.messages(...sent)).filter(({ status }) => status !== 'unchanged')).toEqual([]);
    expect(
      (await shop.feedback(...texts.map((text) => feedback(text, olena, { text })))).map(({ errors }) => errors),
    ).toEqual(texts.map(() => []));
    const stored = await shop.query<{ external_id: string; text: string; channel: string }>(sql`
      select a.external_id, m.text, m.channel from arrival a join message m on m.id = a.id order by a.id`);
    expect(stored).toEqual(texts.map((text) => ({ external_id: text, text, channel: text })));
    const said = await shop.query<{ text: string }>(sql`select f.text from feedback f order by f.id`);
    expect(said.map(({ text }) => text)).toEqual(texts);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  }, 30_000);

  test('as accounts they identify, trimmed, and as phones and e-mails they are kept as given', async () => {
    const shop = await makeShop(portal);
    const accounts = [...new Set(texts.map((text) => text.trim()))];
    const persons = accounts.map((text) => ({ accountId: text, phones: [start(text, 100)], emails: [text] }));
    const results = await shop.orders(...persons.map((person, n) => order(`A-${n}`, person)));
    expect(results.filter(({ customerId }) => customerId === null)).toEqual([]);
    const given = await shop.query<{ given: object }>(sql`select given from arrival order by id`);
    expect(given.map((row) => row.given)).toEqual(persons);
    const kept = await shop.query<{ value: string }>(sql`select value from contact where kind = 'account'`);
    expect(new Set(kept.map(({ value }) => value))).toEqual(new Set(accounts));
  }, 30_000);
});

interface Example {
  region: string;
  national: string;
  prefix: string;
  e164: string;
}

const BUILT_IN_PHONES = `region,calling_code,type,national,e164,national_prefix
UA,380,mobile,501234567,+380501234567,0
DE,49,mobile,15123456789,+4915123456789,0
US,1,fixedLine,2015550123,+12015550123,1
IT,39,fixedLine,0212345678,+390212345678,`;

function phoneExamples(): Example[] {
  const [, ...lines] = (sharedData('phone_examples.csv') ?? BUILT_IN_PHONES).trim().split('\n');
  return lines.map((line) => {
    const [region = '', , , national = '', e164 = '', prefix = ''] = line.trim().split(',');
    return { region, national, e164, prefix };
  });
}

test('P-38 a number of every kind and country is a contact, or is kept as given and is none', async () => {
  const examples = phoneExamples();
  const regions = [...new Set(examples.map(({ region }) => region))].filter((region) => /^[A-Z]{2}$/.test(region));
  for (const region of regions) {
    const shop = await makeShop(portal, { country: region });
    const ours = examples.filter((example) => example.region === region);
    const spellings = ours.flatMap(({ e164, national }) => [e164, national, e164.replace('+', '00')]);
    const results = await shop.orders(...spellings.map((phone, n) => order(`A-${n}`, { phones: [phone] })));
    const stored = await shop.query<{ phones: string[]; value: string | null }>(sql`
      select a.given -> 'phones' as phones, k.value from arrival a
      left join evidence k on k.arrival_id = a.id order by a.id`);
    expect(stored).toEqual(
      spellings.map((phone) => ({ phones: [phone], value: parsePhone(phone, region)?.e164 ?? null })),
    );
    expect(results.map(({ customerId }) => customerId === null)).toEqual(stored.map(({ value }) => value === null));
    const valid = ours.filter(({ e164 }) => parsePhone(e164, region)?.e164 === e164);
    expect(valid.map(({ e164 }) => stored.some(({ value }) => value === e164))).toEqual(valid.map(() => true));
  }
}, 60_000);
