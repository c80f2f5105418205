import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { newId } from '../../../src/kernel/id.ts';
import { bars } from '../bars.ts';
import { query } from '../build/cluster.ts';
import { call } from '../load.ts';
import { type Compared, compare } from '../measure.ts';
import { pageRows, type Row, rateRow } from '../report.ts';
import type { Stage } from '../stage.ts';
import { bareList, ourList } from './targets.ts';

/**
 * A tag for everybody in the big company, from the button to the end of the job, beside one bare INSERT … SELECT behind the same wall; its
 * undo; and the list page beside the bare one while everybody is tagged.
 */
export async function bulk(stage: Stage): Promise<Row[]> {
  const admin = await connect(stage.cluster.superuserUrl);
  const client = await connect(stage.cluster.url);
  try {
    const [{ busy, rate }, undone] = [await whilePagesAreRead(stage), await undo(stage)];
    await settle(admin, stage.main);
    const alone = await tagAll(stage);
    await settle(admin, stage.main);
    const bare = await bareTag(client, stage.main);
    return [
      {
        ...rateRow('bulk, a tag for everybody', alone, bare, bars.bulk),
        note: `while pages are read ${Math.round(rate)}`,
      },
      rateRow('bulk, its undo (bare: the insert)', undone, bare, bars.bulk),
      ...pageRows('list, while everybody is tagged', busy, bars.list),
    ];
  } finally {
    await settle(admin, stage.main);
    await Promise.all([admin.end(), client.end()]);
  }
}

/** Customers a second. */
type Rate = number;

async function whilePagesAreRead(stage: Stage): Promise<{ busy: Compared; rate: Rate }> {
  const tagging = tagAll(stage);
  const comparing = compare(ourList(stage, '/customers'), bareList(stage, '/list'), stage.options.seconds);
  const [rate, busy] = await Promise.all([tagging, comparing]);
  return { busy, rate };
}

async function tagAll(stage: Stage): Promise<Rate> {
  const tag = `bench ${randomBytes(4).toString('hex')}`;
  const start = performance.now();
  const path = await post(stage, '/bulk', { scope: 'all', filter: '', what: 'tag', tag, sure: 'yes' });
  const changed = await ended(stage, path, 'done');
  if (changed !== stage.options.customers) throw new Error(`${changed} customers were tagged`);
  return (changed / (performance.now() - start)) * 1000;
}

/** Of the newest one. */
async function undo(stage: Stage): Promise<Rate> {
  const [newest] = await query<{ id: string }>(stage.cluster.superuserUrl, NEWEST, [stage.main]);
  const path = `/bulk/${newest?.id}`;
  const start = performance.now();
  await post(stage, `${path}/undoing`, {});
  return ((await ended(stage, path, 'undone')) / (performance.now() - start)) * 1000;
}

const NEWEST = 'select id from bulk where company_id = $1 order by created_at desc, id desc limit 1';

/** Sends a form as the page would; answers where it leads. */
async function post({ ours, main }: Stage, path: string, fields: Record<string, string>): Promise<string> {
  const token = /name="_csrf" value="([^"]+)"/.exec((await call(ours.pages, '/tags')).body)?.[1] ?? '';
  const body = new URLSearchParams({ _csrf: token, _company: main, ...fields }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call(ours.pages, path, { method: 'POST', body, headers });
  const { location } = answer.headers;
  if (answer.status !== 303 || !location) throw new Error(`${path} answered ${answer.status}`);
  return location;
}

/** Waits at most half an hour; answers how many customers were changed. */
async function ended({ cluster }: Stage, path: string, wanted: string): Promise<number> {
  const id = path.split('/').at(-1) ?? '';
  for (let tries = 0; tries < 18_000; tries++) {
    const [row] = await query<{ state: string; changed: string; error: string }>(cluster.superuserUrl, STATE, [id]);
    if (row?.state === wanted) return Number(row.changed);
    if (!row || !['queued', 'running', 'undoing'].includes(row.state))
      throw new Error(`the bulk action is ${row?.state}`);
    await pause(100);
  }
  throw new Error('the bulk action does not end');
}

const STATE = 'select state, changed, error from bulk where id = $1';

/** One statement behind the same wall, and nothing else: nobody could say how far it is, stop it, or take back exactly that. */
async function bareTag(client: pg.Client, company: string): Promise<Rate> {
  const tag = newId();
  await client.query('begin');
  await client.query(ENTER, [company]);
  await client.query(`insert into tag (company_id, id, name, name_folded) values ($1, $2, 'bare', 'bare')`, [
    company,
    tag,
  ]);
  const start = performance.now();
  const { rowCount } = await client.query(INSERT, [company, tag]);
  await client.query('commit');
  return ((rowCount ?? 0) / (performance.now() - start)) * 1000;
}

const ENTER = `select set_config('role', 'clientele_company', true), set_config('app.company_id', $1, true)`;
const INSERT = `
  insert into customer_tag (company_id, customer_id, tag_id) select company_id, id, $2 from customer where company_id = $1 and listed`;

/** As before: what was tagged for the measure is gone, and swept up. */
async function settle(admin: pg.Client, company: string): Promise<void> {
  for (const table of ['bulk_change', 'customer_tag', 'bulk', 'tag']) {
    await admin.query(`delete from ${table} where company_id = $1`, [company]);
  }
  for (const table of ['bulk_change', 'customer_tag', 'customer']) await admin.query(`vacuum analyze ${table}`);
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
