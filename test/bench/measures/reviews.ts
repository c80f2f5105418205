import { one } from '../../../src/customers/customers.ts';
import { openDatabase } from '../../../src/platform/db.ts';
import { openTenancy } from '../../../src/tenancy/tenancy.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { bars } from '../bars.ts';
import { query } from '../build/cluster.ts';
import type { Target } from '../load.ts';
import { compare } from '../measure.ts';
import { pageRows, type Row, ratioRow } from '../report.ts';
import type { Stage } from '../stage.ts';
import { watch } from './buffers.ts';
import { bareList, ourList, sameNumbers } from './targets.ts';

/** The column of reviews in the list, the criterion, and whether reviews that may not be read can be told by the clock. */
export async function reviews(stage: Stage): Promise<Row[]> {
  await writeReviews(stage);
  const { seconds } = stage.options;
  const column = await compare(ourList(stage, '/customers'), bareList(stage, '/reviewed'), seconds);
  const where = '/customers?where=reviews:gte:1';
  await sameNumbers(stage, '/customers/total?where=reviews:gte:1', '/reviewed/count', /<p>(\d+) found/g);
  const filter = await compare(ourList(stage, where), bareList(stage, '/reviewed/filter'), seconds);
  return [
    ...pageRows('list with its column of reviews', column, bars.list),
    ...pageRows('filter, reviews about the customer: page with its count', filter, bars.filter),
    ...(await unreadable(stage)),
  ];
}

/**
 * A dealing with every number of the big company, and something written about one number in twenty. A kept database has them already.
 */
async function writeReviews({ cluster: { superuserUrl }, main }: Stage): Promise<void> {
  const [there] = await query<{ n: string }>(superuserUrl, 'select count(*) as n from (select from review limit 1) r');
  if (there?.n !== '0') return;
  for (const text of [
    `insert into dealing (company_id, phone_key, by_portal, first_at, last_at, counted_on)
     select company_id, phone_key, true, created_at, created_at, current_date from contact
     where company_id = $1 and phone_key is not null on conflict do nothing`,
    `insert into review (id, phone_key, phone_hint, sentiment, reason, text, dealt_at, published_at)
     select gen_random_uuid(), phone_key, right(value, 2), 'negative', 'refused_parcel', 'Ordered twice and took nothing.', now(), now()
     from contact, generate_series(1, 1 + abs(hashtext(value)) % 3)
     where company_id = $1 and phone_key is not null and abs(hashtext(value)) % 20 = 0`,
  ])
    await query(superuserUrl, text, [main]);
  await query(superuserUrl, 'vacuum analyze dealing, review');
}

const UNREADABLE = 20;

/** Pages of customers about whom others wrote what this company may not read, beside pages of some about whom nobody did. */
async function unreadable(stage: Stage): Promise<Row[]> {
  const { ids } = stage.sample;
  const half = Math.floor(ids.length / 2);
  const [written, silent] = [ids.slice(0, half), ids.slice(half, 2 * half)];
  const keys =
    'select phone_key from contact where company_id = $1 and customer_id = any($2::uuid[]) and phone_key is not null';
  const ask = (text: string, of: string[]) => query(stage.cluster.superuserUrl, text, [stage.main, of]);
  await ask(`update dealing set counted_on = null where company_id = $1 and phone_key in (${keys})`, ids);
  await ask(`delete from review where phone_key in (${keys})`, ids);
  await ask(
    `insert into review (id, phone_key, phone_hint, sentiment, reason, text, dealt_at, published_at)
     select gen_random_uuid(), phone_key, '00', 'negative', 'fraud', 'Not for this reader.', now(), now()
     from (${keys}) k, generate_series(1, ${UNREADABLE})`,
    written,
  );
  const pages = (of: string[], tab: string): Target => ({
    site: stage.ours.pages,
    path: (n) => `/customers/${of[n % of.length]}${tab}`,
    expect: '</h1>',
  });
  const rows: Row[] = [await pagesTouched(stage, written, silent)];
  for (const [name, tab] of [
    ['customer page', ''],
    ['tab of reviews', '/reviews'],
  ] as const) {
    const compared = await compare(pages(written, tab), pages(silent, tab), stage.options.seconds);
    rows.push(
      ...pageRows(`${name}, ${UNREADABLE} reviews that may not be read (bare: none)`, compared, bars.unreadable),
    );
  }
  return rows;
}

/** The same without the clock, which a busy machine disturbs: pages of the database that the customer's statement touches. */
async function pagesTouched({ cluster }: Stage, written: string[], silent: string[]): Promise<Row> {
  const database = openDatabase(cluster.url, 2);
  try {
    const tenancy = openTenancy(database, () => undefined, keyOfPhone);
    const company = await tenancy.companyOfOperator('bench');
    if (!company) throw new Error('there is no company bench');
    const of = async (ids: string[]) => {
      const touched: number[] = [];
      await tenancy.inCompany(company, async (db) => {
        for (const id of ids) await one(watch(db, touched), id);
      });
      return touched.reduce((total, pages) => total + pages, 0) / ids.length;
    };
    await of([...written, ...silent]);
    return ratioRow(
      `customer, ${UNREADABLE} reviews that may not be read (bare: none)`,
      'pages',
      await of(written),
      await of(silent),
      bars.unreadable,
    );
  } finally {
    await database.close();
  }
}
