import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { findEmbedded, startEmbedded } from '../../src/platform/embedded.ts';
import { runningServer } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import { dataFolder, makeDataDir, removeDataDir } from '../setup/data-dir.ts';

// Real servers in real processes: each start takes a second or so.
const PATIENCE = 60_000;

describe('the embedded database', () => {
  let dataDir: string;
  let portal: ChildProcess | undefined;
  beforeEach(() => {
    dataDir = makeDataDir();
  });
  afterEach(() => {
    portal?.kill('SIGKILL');
    removeDataDir(dataDir);
  });

  test(
    'is made on first use, found by others, and keeps its data',
    async () => {
      const first = await startEmbedded(dataDir);
      expect(findEmbedded(dataDir)).toBe(first.url);
      await query(first.url, 'create table kept as select 7 as seven');
      await first.stop();
      expect(findEmbedded(dataDir)).toBeNull();

      const second = await startEmbedded(dataDir);
      expect(await query(second.url, 'select seven from kept')).toEqual([{ seven: 7 }]);
      await second.stop();
    },
    PATIENCE,
  );

  test(
    'is a plain owner behind a password, in UTF-8 and UTC, and sorts names by Unicode',
    async () => {
      const { url, stop } = await startEmbedded(dataDir);
      const facts = `select current_setting('server_encoding') as encoding, current_setting('TimeZone') as zone,
        current_setting('fsync') as fsync, (select rolsuper from pg_roles where rolname = current_user) as superuser,
        (select string_agg(x, ' ' order by x collate "und-x-icu") from unnest(array['яна', 'Їжак', 'Anna', 'євген']) x) as names`;
      expect(await query(url, facts)).toEqual([
        { encoding: 'UTF8', zone: 'UTC', fsync: 'on', superuser: false, names: 'Anna євген Їжак яна' },
      ]);
      await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
        'password authentication failed',
      );
      expect(new URL(url).hostname).toBe('127.0.0.1');
      expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
      await stop();
    },
    PATIENCE,
  );

  test(
    'does not outlive a portal that was killed, and the next one starts on the same data',
    async () => {
      portal = startPortal(dataDir);
      const url = await firstLine(portal);
      await query(url, 'create table kept as select 7 as seven');
      const former = serverPid(dataDir);
      portal.kill('SIGKILL');
      await once(portal, 'exit');

      const next = await startEmbedded(dataDir);
      expect(serverPid(dataDir)).not.toBe(former);
      expect(await query(next.url, 'select seven from kept')).toEqual([{ seven: 7 }]);
      await next.stop();
    },
    PATIENCE,
  );

  test(
    'belongs to one portal at a time',
    async () => {
      portal = startPortal(dataDir);
      await firstLine(portal);
      await expect(startEmbedded(dataDir)).rejects.toThrow(`Another portal (process ${portal.pid}) runs on DATA_DIR`);
      portal.kill('SIGTERM');
      await once(portal, 'exit');
    },
    PATIENCE,
  );

  test(
    'lives in a folder of its own where its user cannot read DATA_DIR',
    async () => {
      chmodSync(dataDir, 0o700);
      const { url, stop } = await startEmbedded(dataDir);
      expect(findEmbedded(dataDir)).toBe(url);
      const place = dirname(dataFolder(dataDir));
      if (process.getuid?.() === 0) {
        expect(place).toMatch(/^\/var\/tmp\/clientele-[0-9a-f]{16}$/);
        expect(statSync(place).mode & 0o777).toBe(0o700);
      } else {
        expect(place).toBe(dataDir);
      }
      await stop();
    },
    PATIENCE,
  );
});

/** A process that starts the database and does nothing else. */
function startPortal(dataDir: string): ChildProcess {
  const program = `import { startEmbedded } from '${rootPath('src/platform/embedded.ts')}';
    const { url } = await startEmbedded('${dataDir}');
    console.log(url);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: rootPath(),
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(portal: ChildProcess): Promise<string> {
  const [chunk] = await once(portal.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk).trim();
}

function serverPid(dataDir: string): number {
  return runningServer(dataFolder(dataDir))?.pid ?? 0;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows ?? [];
  } finally {
    await client.end();
  }
}
