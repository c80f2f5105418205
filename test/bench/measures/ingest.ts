import pg from 'pg';
import { bars } from '../bars.ts';
import { call, type Site, site } from '../load.ts';
import { flags } from '../ours.ts';
import { residentMegabytes } from '../processes.ts';
import { type Row, rateRow, ratioRow } from '../report.ts';
import type { Stage } from '../stage.ts';
import { insertRows, readRows } from './copy-rows.ts';
import { makeOrders } from './orders.ts';

const SIZE = 500;

/**
 * Batches of 500 orders through the API, each followed by bare multi-row inserts of the very rows it made, for another company.
 * Meanwhile the memory of the server is watched: it has to stay flat.
 */
export async function ingest({ options, cluster, ours }: Stage): Promise<Row[]> {
  const [mine, bare] = [await newCompany(ours), await newCompany(ours)];
  const { key } = await ours.operate('key:create', ...flags({ company: mine.slug, name: 'bench' }));
  const api = site(ours.port, { authorization: `Bearer ${key}`, 'content-type': 'application/json' });
  const admin = await connect(cluster.superuserUrl);
  const client = await connect(cluster.url);
  const spent = { ours: 0, bare: 0 };
  const memory: number[] = [];
  const seen = new Set<string>();
  try {
    for (let from = 0; from < options.orders; from += SIZE) {
      const body = JSON.stringify({ orders: makeOrders(from, SIZE) });
      const posted = await timed(() => post(api, mine.slug, body));
      const customers = [...new Set(posted.result.customers)].filter((id) => !seen.has(id));
      for (const id of customers) seen.add(id);
      const batch = await readRows(admin, mine.id, bare.id, { orders: posted.result.orders, customers });
      spent.ours += posted.taken;
      spent.bare += (await timed(() => insertRows(client, bare.id, batch))).taken;
      memory.push(residentMegabytes(ours.web.pid) ?? Number.NaN);
    }
  } finally {
    await Promise.all([admin.end(), client.end()]);
  }
  return rows(options.orders, spent, memory);
}

async function newCompany({ operate }: Stage['ours']): Promise<{ id: string; slug: string }> {
  const slug = `in-${Date.now()}`;
  const given = { slug, name: slug, country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv' };
  const { id = '' } = await operate('company:create', ...flags(given));
  return { id, slug };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; taken: number }> {
  const start = performance.now();
  const result = await work();
  return { result, taken: performance.now() - start };
}

interface Results {
  results: { status: string; id: string; customerId: string }[];
}

async function post(api: Site, slug: string, body: string): Promise<{ orders: string[]; customers: string[] }> {
  const answer = await call(api, `/api/v1/companies/${slug}/orders`, { method: 'POST', body });
  const { results } = answer.status === 200 ? (JSON.parse(answer.body) as Results) : { results: [] };
  if (results.length !== SIZE || results.some((each) => each.status !== 'created')) {
    throw new Error(`posting orders answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  }
  return { orders: results.map((each) => each.id), customers: results.map((each) => each.customerId) };
}

/** The first tenth is left out of the comparison of halves: caches fill, code is compiled. */
function rows(orders: number, spent: { ours: number; bare: number }, memory: number[]): Row[] {
  const warm = memory.slice(Math.floor(memory.length / 10));
  const [first, second] = [warm.slice(0, warm.length / 2), warm.slice(warm.length / 2)].map((part) =>
    Math.max(...part),
  );
  const told = (value: number | undefined) => `${Math.round(value ?? Number.NaN)} MB`;
  const flat = ratioRow(
    'ingest, memory: later half / earlier half',
    'MB',
    second ?? Number.NaN,
    first ?? Number.NaN,
    bars.memory,
  );
  return [
    rateRow(
      `ingest, ${SIZE} orders of 3 items a call`,
      (orders / spent.ours) * 1000,
      (orders / spent.bare) * 1000,
      bars.ingest,
    ),
    {
      ...flat,
      note: `start ${told(memory[0])}, max ${told(Math.max(...memory))}, end ${told(memory.at(-1))}, ${orders} orders`,
    },
  ];
}
