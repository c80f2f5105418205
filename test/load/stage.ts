import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Closers, openServices } from '../../src/open-services.ts';
import type { Child } from '../../src/platform/children.ts';
import { readConfig } from '../../src/platform/config.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { Services } from '../../src/web/services.ts';
import { build } from '../bench/build/build.ts';
import { type Cluster, startDatabase } from '../bench/build/cluster.ts';
import { site } from '../bench/load.ts';
import { answers, startProgram } from '../bench/processes.ts';
import { startRedis } from '../faults/redis.ts';
import { askable } from './memory.ts';
import type { Options } from './options.ts';
import { type Front, startProxy } from './proxy.ts';

export const FROM = '+15005550006';

/** One process of the portal. */
export interface Part {
  name: string;
  child: Child;
}

/** The portal as in production: so many web and worker processes on one PostgreSQL and one Redis, with a provider of SMS. */
export interface Stage {
  options: Options;
  cluster: Cluster;
  company: Company;
  /** of this process, to arrange what takes people weeks */
  services: Services;
  parts: readonly Part[];
  /** null: there is one web process, and people come to it directly */
  proxy: Front | null;
  /** where people come to */
  port: number;
  /** Ends the portal and the provider, as a deploy would. Answers the provider's journal. */
  end(): Promise<string>;
  close(): Promise<void>;
}

export async function openStage(options: Options, say: (line: string) => void): Promise<Stage> {
  const closers: Closers = [];
  const close = async () => {
    for (const each of closers.reverse()) await each().catch(() => undefined);
  };
  try {
    return await open(options, closers, close, say);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  options: Options,
  closers: Closers,
  close: () => Promise<void>,
  say: (line: string) => void,
): Promise<Stage> {
  await promisify(execFile)(process.execPath, [rootPath('scripts', 'build.mjs')], { timeout: 300_000 });
  const cluster = await startDatabase(options.keep);
  closers.push(() => cluster.stop());
  const main = await build(cluster, { customers: options.customers, ...OTHERS }, say);
  const redis = await startRedis();
  closers.push(() => redis.stop());
  const ports = await Promise.all(Array.from({ length: options.web }, () => freePort()));
  const proxyPort = ports.length > 1 ? await freePort() : null;
  const port = proxyPort ?? ports[0] ?? 0;
  const [providerPort, token] = [await freePort(), randomBytes(16).toString('hex')];
  const journal = join(cluster.dataDir, 'load-journal.json');
  const env = {
    ...environment({ cluster, port, redisUrl: redis.url }),
    ...provider(providerPort, token),
  };

  const start = async (name: string, file: string, args: string[], more: Record<string, string> = {}) => {
    const child = await startProgram(name, cluster.dataDir, file, args, { ...env, PGAPPNAME: name, ...more });
    closers.push(() => child.stop(40_000));
    return child;
  };
  const standin = await start('standin', rootPath('test', 'load', 'standin.ts'), [
    ...[String(providerPort), token, journal, String(options.callbacks)],
  ]);
  await answers('standin', cluster.dataDir, standin, site(providerPort), '/');
  const server = rootPath('dist', 'src', 'server.js');
  const parts: Part[] = [];
  for (const [n, own] of ports.entries()) {
    const name = `web-${n + 1}`;
    const child = await start(name, server, ['web'], { PORT: String(own), ...askable(cluster.dataDir, name) });
    await answers(name, cluster.dataDir, child, site(own), '/readyz');
    parts.push({ name, child });
  }
  for (let n = 1; n <= options.workers; n++) {
    const name = `worker-${n}`;
    const child = await start(name, server, ['worker'], askable(cluster.dataDir, name));
    parts.push({ name, child });
  }
  const proxy = proxyPort === null ? null : await startProxy(ports, { port: proxyPort });
  if (proxy) closers.push(() => proxy.close());
  const services = await openServices(readConfig(env), cluster.url, closers);
  const company = await services.tenancy.companyOfJob({ companyId: main });
  if (!company) throw new Error('the big company is not there');
  const end = async () => {
    await Promise.all(parts.map(({ child }) => child.stop(60_000)));
    await standin.stop();
    return journal;
  };
  return { options, cluster, company, services, parts, proxy, port, end, close };
}

// Enough that the big company is not alone.
const OTHERS = { others: 20_000, companies: 20 };

interface Places {
  cluster: Cluster;
  port: number;
  redisUrl: string;
}

const environment = ({ cluster, port, redisUrl }: Places): Record<string, string> => ({
  NODE_ENV: 'production',
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  DATA_DIR: cluster.dataDir,
  DATABASE_URL: cluster.url,
  REDIS_URL: redisUrl,
  SESSION_SECRET: randomBytes(24).toString('hex'),
  PHONE_KEY: 'the key of the load test',
  // People come from addresses of their own: a throttle would take them for one.
  TRUST_PROXY: 'true',
  DEMO: '0',
});

const provider = (port: number, token: string): Record<string, string> => ({
  TWILIO_API_URL: `http://127.0.0.1:${port}`,
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: token,
  TWILIO_FROM: FROM,
});
