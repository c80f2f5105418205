import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withLocalKey } from '../../scripts/retail/local.ts';
import { loadFile } from '../../scripts/retail/run.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Every oddity of the real file, and some that it has not; the comment says what becomes of the line. */
const ODDITIES = `
536365,85123A,"LANTERN, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,HOLDER,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536365,71053,HOLDER,2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536366,POST,POSTAGE,1,2010-12-01 09:00:00,18.00,12583.0,France
536367,22633,WARMER,12,2011-06-26 00:30:00,1.85,17850.0,United Kingdom
536368,22632,MUG,4,2011-11-30 10:00:00,4.95,12584.0,Germany
536369,21756,BLOCK,1,2011-12-08 11:00:00,5.95,,United Kingdom
C536379,D,Discount,-1,2011-12-01 09:41:00,27.50,14527.0,United Kingdom
C536391,22556,PLASTERS,-12,2011-12-02 10:24:00,1.65,17850.0,United Kingdom
536370,22728,CLOCK,2,2011-12-09 12:50:00,3.75,12583.0,France
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom
A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom
536371,22086,,-10,2011-05-05 10:00:00,0.0,,United Kingdom
536372,22087,GIFT,3,2011-05-05 10:00:00,0.0,12583.0,France
536373,22088,CRUMB,3,2011-05-05 10:00:00,0.001,12583.0,France
536374,22089,,1,2011-05-06 10:00:00,2.10,12585.0,Spain
536375,22090,BROKEN DATE,1,yesterday,2.10,12585.0,Spain
536376,22091,BROKEN NUMBER,some,2011-05-06 10:00:00,2.10,12585.0,Spain
,22092,NO INVOICE,1,2011-05-06 10:00:00,2.10,12585.0,Spain
536377,22093,SHORT LINE
C536378,22094,POSITIVE IN A CANCELLATION,5,2011-05-06 10:00:00,2.10,12585.0,Spain
536368,22633,LATER IN THE FILE,1,2011-11-30 10:01:00,1.00,12584.0,Germany
`;

let portal: TestApp;
let server: Server;
let folder: string;
const now = new Date('2026-11-21T12:00:00Z');

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(now);
  folder = mkdtempSync(join(tmpdir(), 'retail-'));
  server = portal.app.listen(0);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
  await portal.close();
});

const shop = () => makeCompany(portal, { country: 'GB', currency: 'GBP', timezone: 'Europe/London' });

async function run(company: Company, content: string | Buffer, name = 'retail.csv') {
  const file = join(folder, `${company.slug}-${name}`);
  writeFileSync(file, content);
  let text = '';
  const out = {
    write: (piece: string) => {
      text += piece;
    },
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const target = { url, company: company.slug, key: await apiKey(portal, company) };
  const right = await loadFile({ file, target, now, newest: undefined, concurrency: 2, verify: true, out });
  const figure = (label: string) => new RegExp(`^${label}.*?  +([\\d.,]+)`, 'm').exec(text)?.[1];
  return { right, text, figure };
}

const inCompany = <Row>(company: Company, statement: ReturnType<typeof sql>) =>
  portal.tenancy.inCompany(company, (db) => db.query<Row>(statement));

test('every line of a file full of oddities is accounted for, and the list says what the file says', async () => {
  const company = await shop();
  const { right, figure, text } = await run(company, HEADER + ODDITIES);
  expect(text).not.toContain('DOES NOT');
  expect(right).toBe(true);
  expect(figure('lines read')).toBe('22');
  expect(figure('lines in orders')).toBe('11');
  expect(figure('left out: no line of an invoice')).toBe('4');
  expect(figure('left out: bad debt')).toBe('2');
  expect(figure('left out: correction')).toBe('2');
  expect(figure('left out: no price')).toBe('2');
  expect(figure('left out: exact duplicate')).toBe('1');
  expect(figure('adds up')).toBe('22');
  expect(figure('orders created')).toBe('9');
  expect(figure('expected orders')).toBe('9');
  expect(figure('expected customers')).toBe('5');
  expect(figure('expected orders of customers')).toBe('8');
  // 22.08 + 18.00 + 22.20 + 20.80 + 27.50 + 19.80 + 7.50 + 2.10
  expect(figure('expected sum of all')).toBe('139.98');
  expect(figure('expected sum of cancelled')).toBe('47.30');
  expect(text.match(/as listed/g)).toHaveLength(9);
});

test('the newest order is yesterday, the others keep their distance in days and their time of day', async () => {
  const company = await shop();
  await run(company, HEADER + ODDITIES);
  const rows = await inCompany<{ number: string; at: string }>(
    company,
    sql`select o.number, to_char(a.at at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI') as at
        from orders o join arrival a using (company_id, id) where o.number in ('536370', '536367', '536365') order by a.at`,
  );
  expect(rows).toEqual([
    { number: '536365', at: '2025-11-12 08:26' },
    { number: '536367', at: '2026-06-07 00:30' },
    { number: '536370', at: '2026-11-20 12:50' },
  ]);
});

test('a cancellation is a cancelled order of positive amount; lines that stand apart are one order; a code names what has no name', async () => {
  const company = await shop();
  await run(company, HEADER + ODDITIES);
  const rows = await inCompany(
    company,
    sql`select number, status, total::int, items_count::int as items, first_item, currency from orders
        where number in ('C536391', '536368', '536374') order by number`,
  );
  expect(rows).toEqual([
    { number: '536368', status: 'completed', total: 2080, items: 5, first_item: 'MUG', currency: 'GBP' },
    { number: '536374', status: 'completed', total: 210, items: 1, first_item: '22089', currency: 'GBP' },
    { number: 'C536391', status: 'cancelled', total: 1980, items: 12, first_item: 'PLASTERS', currency: 'GBP' },
  ]);
});

test('loading again adds and changes nothing', async () => {
  const company = await shop();
  await run(company, HEADER + ODDITIES);
  const { right, figure } = await run(company, gzipSync(HEADER + ODDITIES), 'again.csv.gz');
  expect(right).toBe(true);
  expect([figure('orders created'), figure('orders updated'), figure('orders unchanged')]).toEqual(['0', '0', '9']);
});

test('P-37 P-38 whatever phones and spellings their orders give, every number is one customer', async () => {
  const company = await shop();
  const numbers = Array.from({ length: 231 }, (_, n) => 12_346 + n);
  const lines = numbers.flatMap((customer) =>
    [1, 2, 3, 4].map((n) => `${customer}${n},X,THING,1,2011-01-0${n} 10:00:00,1.00,${customer}.0,Norway`),
  );
  const { right, figure } = await run(company, `${HEADER}\n${lines.join('\n')}\n`);
  expect(right).toBe(true);
  expect(figure('expected customers')).toBe('231');
  const [row] = await inCompany<Record<string, number>>(
    company,
    sql`select (select count(*)::int from (select 1 from contact where kind = 'phone' group by customer_id having count(*) = 2) two) as two_phones,
               (select count(*)::int from (select 1 from evidence where kind = 'phone' group by value having count(distinct given) > 1) w) as spellings,
               (select count(*)::int from customer where merged_into is null) as customers`,
  );
  expect(row).toMatchObject({ customers: 231, two_phones: 77 });
  expect(row?.spellings).toBeGreaterThan(40);
});

test('an order that the API refuses is counted with its lines, and the run is not right', async () => {
  const company = await shop();
  const line = '536365,X,THING,1,1999-01-01 10:00:00,1.00,17850.0,Norway';
  const late = '536366,X,THING,1,2099-01-01 10:00:00,1.00,17850.0,Norway';
  const { right, figure, text } = await run(company, `${HEADER}\n${line}\n${line.replace('X', 'Y')}\n${late}\n`);
  expect(right).toBe(false);
  expect(figure('left out: in an order that the API refused')).toBe('2');
  expect(figure('adds up')).toBe('3');
  expect(text).toContain('refused: 536365: placedAt must not be before the year 2000');
});

test('beside the portal it makes the company it needs, and a key, which opens it until the end; next time only a key', async () => {
  const env = { DATABASE_URL: portal.services.config.databaseUrl };
  const keys: string[] = [];
  const look = async (key: string) => {
    keys.push(key);
    const holder = await portal.tenancy.keyHolder(key, 'retail');
    expect(holder?.company).toMatchObject({
      slug: 'retail',
      country: 'GB',
      currency: 'GBP',
      timezone: 'Europe/London',
    });
  };
  await withLocalKey(env, 'retail', look);
  await expect(
    withLocalKey(env, 'retail', async (key) => {
      await look(key);
      throw new Error('on purpose');
    }),
  ).rejects.toThrow('on purpose');
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(await portal.tenancy.keyHolder(key, 'retail')).toBeNull();
});

test('a list that differs from the file is told', async () => {
  const company = await shop();
  await run(company, `${HEADER}\n536365,X,THING,1,2011-01-01 10:00:00,1.00,17850.0,Norway\n`);
  const { right, text } = await run(
    company,
    `${HEADER}\n536366,X,THING,1,2011-01-01 10:00:00,1.00,17851.0,Norway\n`,
    'b.csv',
  );
  expect(right).toBe(false);
  expect(text).toMatch(/expected customers +1 +LISTED: 2/);
});

test('a file without the columns, and one that is not there, are one clear sentence', async () => {
  const company = await shop();
  await expect(run(company, 'a,b\n1,2\n')).rejects.toThrow('not a file of Online Retail: it has no column InvoiceNo');
  const target = { url: 'http://127.0.0.1:1', company: 'x', key: 'x' };
  const wishes = { target, now, newest: undefined, concurrency: 1, verify: false, out: { write: () => true } };
  await expect(loadFile({ ...wishes, file: join(folder, 'nothing.csv') })).rejects.toThrow('nothing.csv');
});
