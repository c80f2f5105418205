import pg from 'pg';
import { newId } from '../../../../src/kernel/id.ts';
import { query } from '../../build/cluster.ts';
import { call, site } from '../../load.ts';
import { flags, type Web } from '../../ours.ts';
import type { Stage } from '../../stage.ts';
import type { World } from './world.ts';

/** Milliseconds. */
export interface Frozen {
  campaignId: string;
  ours: number;
  bare: number;
}

/** A launch by the API, to its answer; then the very rows that it wrote once more, by one statement behind the same wall. */
export async function freeze(stage: Stage, world: World, web: Web): Promise<Frozen> {
  const { key } = await web.operate('key:create', ...flags({ company: 'bench', name: 'bench', scopes: 'send' }));
  const api = site(web.port, { authorization: `Bearer ${key}`, 'content-type': 'application/json' });
  const start = performance.now();
  const campaignId = await launch(api, world);
  const ours = performance.now() - start;
  return { campaignId, ours, bare: await insertAgain(stage, campaignId) };
}

const TEXT = 'Вітаємо, {{first_name|друже}}! Знижка 20% до неділі. Відмовитися: {{stop}}';
const LONGEST = 600;

async function launch(api: ReturnType<typeof site>, { tag, recipients }: World): Promise<string> {
  const externalId = newId();
  const wish = { externalId, name: externalId, text: TEXT, where: [`tag:is:${tag}`], launch: true };
  const body = JSON.stringify(wish);
  const answer = await call(api, '/api/v1/companies/bench/campaigns', { method: 'POST', body, seconds: LONGEST });
  const told = answer.status === 201 ? (JSON.parse(answer.body) as { id: string; recipients: number }) : null;
  if (told?.recipients === recipients) return told.id;
  throw new Error(`a launch to ${recipients} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
}

async function insertAgain({ cluster, main }: Stage, campaignId: string): Promise<number> {
  const bare = newId();
  const ask = (text: string, values: unknown[] = []) => query(cluster.superuserUrl, text, values);
  await ask('drop table if exists bench_frozen');
  await ask(`create table bench_frozen as ${FROZEN}`.replace('$1', pg.escapeLiteral(campaignId)));
  await ask('grant select on bench_frozen to clientele_company');
  await ask('analyze bench_frozen');
  await ask(`insert into campaign (company_id, id, name, body) values ($1, $2, 'bare', 'bare')`, [main, bare]);
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  try {
    const start = performance.now();
    await client.query('begin');
    await client.query(ENTER, [main]);
    await client.query(INSERT, [bare]);
    await client.query('commit');
    return performance.now() - start;
  } finally {
    await client.end();
    await ask('drop table bench_frozen');
    // Nothing leads to these rows: looking whether something does would take longer than all the rest.
    const which = pg.escapeLiteral(bare);
    await ask(`
      set session_replication_role = replica;
      delete from delivery where campaign_id = ${which}; delete from campaign where id = ${which}`);
    await ask('vacuum analyze delivery');
  }
}

const FROZEN = 'select * from delivery where campaign_id = $1';
const ENTER = `select set_config('role', 'clientele_company', true), set_config('app.company_id', $1, true)`;

// A code stands once in a company.
const INSERT = `
  insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, country, body, code, parts,
                        price_micros, state, reason, due_at, settled_at)
  select company_id, new_id(), $1, customer_id, channel, address, address_key, country, body, code || '-', parts,
         price_micros, state, reason, due_at, settled_at
  from bench_frozen`;
