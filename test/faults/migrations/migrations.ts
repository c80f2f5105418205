import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../../src/platform/migrate.ts';
import { readMigrations } from '../../../src/platform/migration-script.ts';
import { rootPath } from '../../../src/platform/root.ts';
import { query } from '../../bench/build/cluster.ts';
import { BEFORE_RELEASE } from '../../project/migration-rules.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { fill, longRead } from './fill.ts';
import { startTraffic, type Traffic, type Waits } from './traffic.ts';

const NAME = 'migrations';
/** A reader must not notice. */
const MOST = 1000;
/** So long somebody's long read holds every table when a migration begins. */
const LONG_READ = 2500;

const BAD = { name: '20990101000000_bad', script: 'alter table contact alter column position type numeric' };

/**
 * Every migration is tried on a full database while people work: the first one makes it, it is filled, and the others come one by one.
 * At the end one that the rules refuse, to show that the watch sees what it is there for.
 */
export async function migrations(stage: Stage): Promise<Outcome[]> {
  const { superuserUrl, url: ours } = stage.postgres;
  const folder = mkdtempSync(join(tmpdir(), 'clientele-migrations-'));
  await query(superuserUrl, `drop database if exists ${NAME} with (force)`);
  await query(superuserUrl, `create database ${NAME} owner ${new URL(ours).username}`);
  const [url, superuser] = [ours, superuserUrl].map(
    (each) => Object.assign(new URL(each), { pathname: `/${NAME}` }).href,
  );
  try {
    return await oneByOne(stage, { folder, url: url ?? '', superuser: superuser ?? '' });
  } finally {
    await query(superuserUrl, `drop database if exists ${NAME} with (force)`);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  folder: string;
  url: string;
  superuser: string;
}

async function oneByOne({ options }: Stage, place: Place): Promise<Outcome[]> {
  const [first, ...others] = readMigrations(rootPath('prisma', 'migrations')).map(({ name }) => name);
  add(place, first ?? '');
  await migrate(place.url, { folder: place.folder });
  await fill(place.superuser, options.customers);
  const traffic = await startTraffic(place.superuser);
  const outcomes: Outcome[] = [];
  try {
    for (const name of others) {
      add(place, name);
      if (isJudged(name)) traffic.release();
      outcomes.push(await tried(name, { ...place, short: options.short }, traffic));
    }
    mkdirSync(join(place.folder, BAD.name));
    writeFileSync(join(place.folder, BAD.name, 'migration.sql'), BAD.script);
    outcomes.push(await tried(BAD.name, { ...place, short: options.short }, traffic));
  } finally {
    await traffic.stop();
    await query(place.superuser, `alter role ${new URL(place.url).username} nobypassrls`);
  }
  return outcomes;
}

const add = ({ folder }: Place, name: string) =>
  cpSync(rootPath('prisma', 'migrations', name), join(folder, name), { recursive: true });

const isJudged = (name: string) => !BEFORE_RELEASE.includes(name) && name !== BAD.name;

async function tried(
  name: string,
  { folder, url, superuser, short }: Place & { short: boolean },
  traffic: Traffic,
): Promise<Outcome> {
  await pause(CALM);
  const before = traffic.take();
  const judged = isJudged(name);
  const reader = judged ? await readLong(superuser, short ? LONG_READ / 4 : LONG_READ) : null;
  // One of the first fills a column without a company: its owner would see no row (row level security is forced).
  await query(superuser, `alter role ${new URL(url).username} ${judged ? 'nobypassrls' : 'bypassrls'}`);
  const started = performance.now();
  await migrate(url, { folder, manners: { lockTimeout: 500, tries: 120, pause: short ? 100 : 2000 } });
  const seconds = (performance.now() - started) / 1000;
  const during = traffic.take();
  await reader?.over;
  const row = plain({
    name,
    injected: judged ? 1 : 0,
    operations: during.statements,
    misses: [
      during.read > MOST && `a reader waited ${during.read.toFixed(0)} ms`,
      during.refused.length > 0 &&
        `the version before was refused ${during.refused.length} times: ${during.refused[0]}`,
    ],
    note: `${seconds.toFixed(2)} s; longest wait of a reader ${figures(during, before, 'read')}, of a writer ${figures(during, before, 'write')}`,
  });
  return judged ? row : { ...row, compared: true };
}

const CALM = 150;

const figures = (during: Waits, before: Waits, kind: 'read' | 'write') =>
  `${during[kind].toFixed(0)} ms (before ${before[kind].toFixed(0)})`;

async function readLong(url: string, milliseconds: number): Promise<{ over: Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(longRead());
  const end = async () => {
    await pause(milliseconds);
    await client.query('commit');
    await client.end();
  };
  return { over: end() };
}
