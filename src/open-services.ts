import { phoneKey } from './kernel/phone-key.ts';
import { systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { openDatabase } from './platform/db.ts';
import { openFiles } from './platform/files.ts';
import { openLimiter } from './platform/limiter.ts';
import { openQueue } from './platform/queue.ts';
import { readSecrets } from './platform/secrets.ts';
import { openTenancy } from './tenancy/tenancy.ts';
import { openWatching } from './tenancy/watch.ts';
import type { Services } from './web/services.ts';

/** What was opened, to be closed in the opposite order. */
export type Closers = (() => Promise<void>)[];

/** What every process of the portal works with: connections that `closers` ends. */
export async function openServices(config: Config, databaseUrl: string, closers: Closers): Promise<Services> {
  const { redisUrl } = config;
  const database = openDatabase(databaseUrl);
  closers.push(() => database.close());
  const queue = await openQueue({ databaseUrl, redisUrl });
  closers.push(() => queue.close());
  const limiter = await openLimiter(databaseUrl, redisUrl);
  closers.push(() => limiter.close());
  const secrets = readSecrets(config);
  const keyOfPhone = (e164: string) => phoneKey(secrets.phoneKey, e164);
  return {
    config,
    secrets,
    database,
    tenancy: openTenancy(database, (jobId, dueAt) => queue.wake(jobId, dueAt), keyOfPhone),
    watching: openWatching(database, keyOfPhone),
    clock: systemClock,
    files: openFiles(config),
    queue,
    limiter,
  };
}
