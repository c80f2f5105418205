import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readConfig } from '../../../src/platform/config.ts';
import { openTexter, type Provider } from '../../../src/platform/sms.ts';

// How campaigns are often sent elsewhere, written small: one of two designs, by the first argument, at the pace of the second.
//   cursor: one place in the list of recipients, moved when a batch is fetched; errors are tried again
//   completed: the campaign is marked as completed, then everybody is written to

const BATCH = 100;
const TRIES = 3;
const TEXT = 'Hello, autumn has come';

const [design, pace] = process.argv.slice(2);
const config = readConfig(process.env);
const texter = await openTexter(config.twilio);
const pool = new pg.Pool({ connectionString: config.databaseUrl, max: 4 });
if (!texter) throw new Error('SMS are not set up');
await (design === 'cursor' ? byCursor(texter) : completedFirst(texter));
await pool.end();

async function byCursor(provider: Provider): Promise<void> {
  for (let batch = await fetchBatch(); batch.length > 0; batch = await fetchBatch()) {
    await atPace(batch, (address) => insist(provider, address));
  }
}

/** The next recipients, and the cursor behind them, in one transaction. */
async function fetchBatch(): Promise<string[]> {
  const { rows } = await pool.query<{ address: string }>(
    `with place as (select cursor from baseline_campaign for update),
          batch as (select id, address from baseline_recipient where id > (select cursor from place) order by id limit $1),
          moved as (update baseline_campaign set cursor = (select max(id) from batch) where exists (select from batch))
     select address from batch order by id`,
    [BATCH],
  );
  return rows.map(({ address }) => address);
}

async function insist(provider: Provider, address: string): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    const { outcome } = await provider.send({ to: address, text: TEXT });
    if (outcome === 'accepted' || outcome === 'refused') return;
  }
}

async function completedFirst(provider: Provider): Promise<void> {
  const { rowCount } = await pool.query('update baseline_campaign set completed = true where not completed');
  if (rowCount === 0) return;
  const { rows } = await pool.query<{ address: string }>('select address from baseline_recipient order by id');
  await atPace(
    rows.map(({ address }) => address),
    async (address) => void (await provider.send({ to: address, text: TEXT })),
  );
}

async function atPace(addresses: readonly string[], work: (address: string) => Promise<void>): Promise<void> {
  const start = performance.now();
  await Promise.all(
    addresses.map(async (address, place) => {
      await sleep(Math.max(0, start + (place * 1000) / Number(pace) - performance.now()));
      await work(address);
    }),
  );
}
