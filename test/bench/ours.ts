import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Child } from '../../src/platform/children.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import type { Cluster } from './build/cluster.ts';
import { call, type Site, site } from './load.ts';
import { answers, startProgram } from './processes.ts';

/** Web alone: it takes what it is told, and nothing is done until there is a worker. */
export interface Web {
  /** the pages, signed in as the owner of the big company */
  pages: Site;
  port: number;
  /** Signed in as somebody else, with these flags of `user:create`. */
  enter(rights: string[]): Promise<Site>;
  web: Child;
  startWorker(): Promise<Child>;
  /** the operator's command; answers what it prints */
  operate(...args: string[]): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** The real portal: web and worker as processes of their own, as in production, sessions and queue in PostgreSQL. */
export interface Ours extends Web {
  worker: Child;
}

export async function startOurs(cluster: Cluster): Promise<Ours> {
  const web = await startWeb(cluster);
  try {
    return { ...web, worker: await web.startWorker() };
  } catch (error) {
    await web.stop();
    throw error;
  }
}

/** `more`: variables beside the usual ones. */
export async function startWeb(cluster: Cluster, more: Record<string, string> = {}): Promise<Web> {
  const port = await freePort();
  const env = { ...settings(cluster, port), ...more };
  const operate = (...args: string[]) => runOperator(env, args);
  const enter = async (rights: string[]) => {
    const account = {
      email: `bench-${randomBytes(4).toString('hex')}@example.com`,
      password: randomBytes(12).toString('hex'),
    };
    await operate('user:create', ...flags({ ...account, name: 'Bench' }), ...rights);
    return signIn(port, account);
  };
  const children: Child[] = [];
  const start = async (name: 'web' | 'worker') => {
    const child = await program(name, cluster, env);
    children.push(child);
    return child;
  };
  const stop = () => stopAll(children);
  try {
    const web = await start('web');
    await answers('web', cluster.dataDir, web, site(port), '/healthz');
    const pages = await enter(['--company', 'bench', '--role', 'owner']);
    return { pages, port, enter, web, startWorker: () => start('worker'), operate, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const flags = (given: Record<string, string>): string[] =>
  Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);

const settings = (cluster: Cluster, port: number): Record<string, string> => ({
  NODE_ENV: 'production',
  PORT: String(port),
  DATA_DIR: cluster.dataDir,
  DATABASE_URL: cluster.url,
  SESSION_SECRET: randomBytes(24).toString('hex'),
  PHONE_KEY: randomBytes(24).toString('hex'),
  DEMO: '0',
});

const program = (name: 'web' | 'worker', cluster: Cluster, env: Record<string, string>) =>
  startProgram(name, cluster.dataDir, rootPath('scripts', 'run.mjs'), [name], env);

async function runOperator(env: Record<string, string>, args: string[]): Promise<Record<string, string>> {
  const file = rootPath('scripts', 'clientele.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    timeout: 300_000,
  });
  return JSON.parse(stdout);
}

/** As a person would: the form with its token, then the cookie. */
async function signIn(port: number, { email, password }: { email: string; password: string }): Promise<Site> {
  const form = await call(site(port), '/login');
  const token = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const body = new URLSearchParams({ _csrf: token, email, password }).toString();
  const headers = { cookie: cookieOf(form.headers), 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call(site(port), '/login', { method: 'POST', body, headers });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  return site(port, { cookie: cookieOf(answer.headers) });
}

const cookieOf = (headers: { 'set-cookie'?: string[] | undefined }) =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');

async function stopAll(children: Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.stop()));
}
