import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { bars } from '../bars.ts';
import { call } from '../load.ts';
import { flags } from '../ours.ts';
import { residentMegabytes } from '../processes.ts';
import { type Row, rateRow } from '../report.ts';
import type { Stage } from '../stage.ts';
import { insertRows, readRows } from './copy-rows.ts';
import { flatness } from './flatness.ts';

const BATCH = 500;

/**
 * A file of new customers from the upload to the last row, checked and brought, in the company of a million; beside it bare multi-row
 * inserts of the very rows it made, for another company. The worker must not grow with the file.
 */
export async function importing(stage: Stage): Promise<Row[]> {
  const { options, ours } = stage;
  const file = makeFile(options.imports);
  const start = performance.now();
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(residentMegabytes(ours.worker.pid) ?? Number.NaN), 100);
  const id = await bring(stage, file).finally(() => clearInterval(timer));
  const taken = performance.now() - start;
  const bare = await insertAgain(stage, id);
  const perSecond = (milliseconds: number) => (options.imports / milliseconds) * 1000;
  const note = `${options.imports} rows`;
  return [
    { ...rateRow('import, upload to last row', perSecond(taken), perSecond(bare), bars.import), note },
    flatness('import', memory),
  ];
}

/** Numbers that no other customer of the benchmark has. */
function makeFile(rows: number): string {
  const stamp = String(Date.now()).slice(-4);
  const lines = Array.from({ length: rows }, (_, n) => {
    const digits = String(n).padStart(6, '0');
    return `Imported ${n},+48${600 + (n % 30)}${digits},import-${stamp}-${n}@example.com,Kyiv,Row ${n}\n`;
  });
  return `Name,Phone,E-mail,Region,Note\n${lines.join('')}`;
}

/** As a person would: the file, the columns as they were guessed, and then the rows. Answers the import's id. */
async function bring(stage: Stage, file: string): Promise<string> {
  const { ours, main, cluster } = stage;
  const form = await call(ours.pages, '/imports/new');
  const token = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const hidden = { _csrf: token, _company: main };
  const border = 'border-of-the-form';
  const part = (name: string, value: string) =>
    `--${border}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const fields = Object.entries(hidden).map(([name, value]) => part(name, value));
  const upload = `--${border}\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\nContent-Type: text/csv\r\n\r\n${file}\r\n--${border}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${border}` };
  const brought = await call(ours.pages, '/imports', { method: 'POST', headers, body: fields.join('') + upload });
  const id = String(brought.headers.location).split('/').at(-1) ?? '';
  if (brought.status !== 303) throw new Error(`bringing a file answered ${brought.status}`);
  const columns = { c0: 'name', c1: 'phone', c2: 'email', c3: 'region', c4: 'note', do: 'check' };
  await send(stage, `/imports/${id}/mapping`, { ...hidden, ...columns });
  await reached(cluster.superuserUrl, id, 'checked');
  await send(stage, `/imports/${id}/run`, hidden);
  await reached(cluster.superuserUrl, id, 'done');
  return id;
}

async function send({ ours }: Stage, path: string, fields: Record<string, string>): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status } = await call(ours.pages, path, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields).toString(),
  });
  if (status !== 303) throw new Error(`${path} answered ${status}`);
}

/** At most ten minutes. One connection asks all the time: making a new one each time would take from what is measured. */
async function reached(connectionString: string, id: string, wanted: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (let tries = 0; tries < 12_000; tries++) {
      const { rows } = await client.query<{ state: string }>('select state from import where id = $1', [id]);
      const state = rows[0]?.state;
      if (state === wanted) return;
      if (state === 'failed') throw new Error('the import failed');
      await pause(50);
    }
  } finally {
    await client.end();
  }
  throw new Error(`the import was never ${wanted}`);
}

/** Milliseconds that the same customers cost as bare inserts, batch by batch. */
async function insertAgain({ ours, cluster, main }: Stage, id: string): Promise<number> {
  const slug = `imported-${Date.now()}`;
  const given = { slug, name: slug, country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv' };
  const { id: other = '' } = await ours.operate('company:create', ...flags(given));
  const [admin, client] = [cluster.superuserUrl, cluster.url].map(
    (connectionString) => new pg.Client({ connectionString }),
  );
  if (!admin || !client) throw new Error('no connection');
  await Promise.all([admin.connect(), client.connect()]);
  let taken = 0;
  try {
    const { rows } = await admin.query<{ customer: string; arrival: string }>(MADE, [main, id]);
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      const made = { orders: some.map(({ arrival }) => arrival), customers: some.map(({ customer }) => customer) };
      const batch = await readRows(admin, main, other, made);
      const start = performance.now();
      await insertRows(client, other, batch);
      taken += performance.now() - start;
    }
  } finally {
    await Promise.all([admin.end(), client.end()]);
  }
  return taken;
}

const MADE = `
  select r.customer_id as customer, a.id as arrival from import_row r
  join arrival a on a.company_id = r.company_id and a.customer_id = r.customer_id and a.kind = 'import'
  where r.company_id = $1 and r.import_id = $2 and r.outcome = 'created' order by r.line`;
