import connectPgSimple from 'connect-pg-simple';
import session from 'express-session';
import { log } from '../platform/log.ts';
import { openPlainPool } from '../platform/plain-pool.ts';

export interface SessionStore {
  readonly store: session.Store;
  close(): Promise<void>;
}

/** Sessions live in Redis where there is one, else in PostgreSQL. Both outlive a restart. */
export async function openSessionStore(databaseUrl: string, redisUrl: string | undefined): Promise<SessionStore> {
  return redisUrl ? inRedis(redisUrl) : inPostgres(databaseUrl);
}

/** Its client is big: a process without a Redis starts sooner when it need not load it. */
async function inRedis(url: string): Promise<SessionStore> {
  const [{ RedisStore }, { openRedis }] = await Promise.all([import('connect-redis'), import('../platform/redis.ts')]);
  const client = openRedis(url, 'sessions');
  const store = new RedisStore({ client, prefix: 'session:', disableTouch: true });
  return {
    store,
    close: async () => client.destroy(),
  };
}

function inPostgres(url: string): SessionStore {
  const pool = openPlainPool(url, 4, 'sessions');
  const errorLog = (...what: unknown[]) => log.warn({ what: what.map(String) }, 'expired sessions were not removed');
  const store = new (connectPgSimple(session))({ pool, tableName: 'session', disableTouch: true, errorLog });
  return {
    store,
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}
