import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Child } from '../../../../src/platform/children.ts';
import { cpuOfFamily, cpuSeconds, parentOf } from '../../cpu.ts';
import type { Web } from '../../ours.ts';
import { residentMegabytes } from '../../processes.ts';
import type { Stage } from '../../stage.ts';

export interface Sending {
  stage: Stage;
  web: Web;
  /** the stand-in */
  provider: Child;
  campaignId: string;
  recipients: number;
}

export interface Sent {
  /** from the first call to the last answer */
  perSecond: number;
  /** so many were sent while the seconds of processor were counted */
  counted: number;
  cpu: { worker: number; postgres: number; provider: number };
  /** megabytes of the worker, ten times a second */
  memory: number[];
  /** of the machine, at the first call and at the last answer */
  load: [number, number];
}

/** Starts the worker, and waits until everybody was called. Throws when somebody was not. */
export async function sendAll(sending: Sending): Promise<Sent> {
  const { worker, client, spent } = await begin(sending);
  const memory: number[] = [];
  const timer = setInterval(() => memory.push(residentMegabytes(worker.pid) ?? Number.NaN), 100);
  try {
    const [before, load] = [spent(), load1()];
    const already = (await progress(client, sending)).sent;
    await reached(client, sending, 'finished');
    const after = spent();
    const { sent, seconds } = await progress(client, sending);
    if (sent !== sending.recipients) throw new Error(`${sent} of ${sending.recipients} were sent`);
    const cpu = {
      worker: after.worker - before.worker,
      postgres: after.postgres - before.postgres,
      provider: after.provider - before.provider,
    };
    return { perSecond: sent / seconds, counted: sent - already, cpu, memory, load: [load, load1()] };
  } finally {
    clearInterval(timer);
    await client.end();
  }
}

/** Does the work while the campaign is being sent, and then stops the worker. */
export async function whileSending<T>(
  sending: Sending,
  work: () => Promise<T>,
): Promise<{ result: T; ended: boolean }> {
  const { worker, client } = await begin(sending);
  try {
    const result = await work();
    const ended = (await stateOf(client, sending)) !== 'sending';
    await worker.stop(30_000);
    return { result, ended };
  } finally {
    await client.end();
  }
}

const load1 = () => loadavg()[0] ?? Number.NaN;

/** To the first answer: what the worker costs until it is there is not what a message costs. */
async function begin(sending: Sending) {
  const { stage, web, provider } = sending;
  const client = new pg.Client({ connectionString: stage.cluster.superuserUrl });
  await client.connect();
  const worker = await web.startWorker();
  for (let tries = 0; !(await hasBegun(client, sending)); tries++) {
    if (tries > 3000 || !worker.running()) throw new Error('the worker sends nothing');
    await pause(20);
  }
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  const spent = () => ({
    worker: cpuSeconds(worker.pid),
    postgres: cpuOfFamily(postmaster),
    provider: cpuSeconds(provider.pid),
  });
  return { worker, client, spent };
}

/** By the index of what the provider has answered. */
async function hasBegun(client: pg.Client, { stage }: Sending): Promise<boolean> {
  const { rows } = await client.query('select 1 from delivery where company_id = $1 and sid is not null limit 1', [
    stage.main,
  ]);
  return rows.length > 0;
}

/** At most an hour. */
async function reached(client: pg.Client, sending: Sending, wanted: string): Promise<void> {
  for (let tries = 0; tries < 36_000; tries++) {
    const state = await stateOf(client, sending);
    if (state === wanted) return;
    if (state !== 'sending') throw new Error(`the campaign is ${state}`);
    await pause(100);
  }
  throw new Error('the campaign does not end');
}

async function stateOf(client: pg.Client, { campaignId }: Sending): Promise<string | undefined> {
  const { rows } = await client.query<{ state: string }>('select state from campaign where id = $1', [campaignId]);
  return rows[0]?.state;
}

async function progress(client: pg.Client, { campaignId }: Sending): Promise<{ sent: number; seconds: number }> {
  const { rows } = await client.query<{ sent: number; seconds: number }>(PROGRESS, [campaignId]);
  return rows[0] ?? { sent: 0, seconds: 0 };
}

const PROGRESS = `
  select count(*) filter (where state = 'accepted')::int as sent,
         extract(epoch from max(accepted_at) - min(called_at))::float8 as seconds
  from delivery where campaign_id = $1`;
