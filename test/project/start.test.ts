import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, runningServer } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import { dataFolder, makeDataDir, removeDataDir } from '../setup/data-dir.ts';

// The first start may build the program.
const PATIENCE = 120_000;

describe('npm start', () => {
  let dataDir: string;
  let env: NodeJS.ProcessEnv;
  let portal: Portal | undefined;
  beforeAll(async () => {
    dataDir = makeDataDir();
    const { PATH, HOME } = process.env;
    env = { PATH, HOME, DATA_DIR: dataDir, DEMO: '0', PORT: String(await freePort()) };
  });
  afterEach(async () => {
    if (portal && isAlive(portal.node)) process.kill(portal.node, 'SIGKILL');
    for (let tries = 0; portal && isAlive(portal.postgres) && tries < 200; tries++) await pause(50);
    portal = undefined;
  });
  afterAll(() => removeDataDir(dataDir));

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'opens the portal, and %s to npm leaves nothing behind',
    async (signal) => {
      portal = await start();
      portal.npm.kill(signal);
      await once(portal.npm, 'exit');
      await untilGone(portal);
    },
    PATIENCE,
  );

  test(
    'ends although npm was killed outright',
    async () => {
      portal = await start();
      portal.npm.kill('SIGKILL');
      await untilGone(portal);
    },
    PATIENCE,
  );

  test(
    'refuses a second portal on the same data, in one line',
    async () => {
      portal = await start();
      const second = await run('start', { ...env, PORT: String(await freePort()) });
      expect(second).toMatchObject({ code: 1, out: '' });
      expect(second.errors.trim()).toMatch(/^Another portal \(process \d+\) runs on DATA_DIR .*$/);
    },
    PATIENCE,
  );

  test(
    'lets the operator work beside it, whose answer is one JSON object and whose errors are one line',
    async () => {
      portal = await start();
      const good = await run('clientele', env, 'check:counters');
      expect(good).toMatchObject({ code: 0, errors: '' });
      expect(JSON.parse(good.out)).toEqual(expect.any(Object));
      const bad = await run('clientele', env, 'make:coffee');
      expect(bad).toMatchObject({ code: 1, out: '' });
      expect(bad.errors).toMatch(/^[^\n]*make:coffee[^\n]*\n$/);
    },
    PATIENCE,
  );

  test(
    'says in one line what is wrong with a setting',
    async () => {
      const refused = await run('start', { ...env, PORT: 'eighty' });
      expect(refused).toEqual({ code: 1, out: '', errors: 'PORT: wanted is a port, 1 to 65535\n' });
    },
    PATIENCE,
  );

  interface Portal {
    npm: ReturnType<typeof npm>;
    /** Process ids. */
    node: number;
    postgres: number;
  }

  async function start(): Promise<Portal> {
    const started = npm('start', env);
    const errors = collect(started.stderr);
    while (!(await answers())) {
      if (started.exitCode !== null) throw new Error(`npm start ended (${started.exitCode}):\n${errors()}`);
      await pause(50);
    }
    const node = Number(readFileSync(join(dataDir, 'portal.pid'), 'utf8'));
    return { npm: started, node, postgres: runningServer(dataFolder(dataDir))?.pid ?? 0 };
  }

  async function answers(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${env.PORT}/login`).catch(() => null);
    return answer?.status === 200;
  }

  async function untilGone({ node, postgres }: Portal): Promise<void> {
    expect(Math.min(node, postgres)).toBeGreaterThan(1);
    for (let tries = 0; isAlive(node) || isAlive(postgres); tries++) {
      if (tries === 400) throw new Error('still there after 20 seconds');
      await pause(50);
    }
    expect(await answers()).toBe(false);
  }
});

async function run(script: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = npm(script, env, ...args);
  const [out, errors] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  // of a build that was due
  return { code, out: out(), errors: errors().replace(/^(Building|Generating|Installing) .*…\n/gm, '') };
}

function npm(script: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  return spawn('npm', ['run', '-s', script, '--', ...args], {
    cwd: rootPath(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  return () => chunks.join('');
}

/** Zombies, whose parent has not looked yet, count as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8')));
}
