import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { log } from '../platform/log.ts';
import { openPlainPool } from '../platform/plain-pool.ts';
import { openRedis } from '../platform/redis.ts';

export interface SessionStore {
  readonly store: session.Store;
  close(): Promise<void>;
}

/** Sessions live in Redis where there is one, else in PostgreSQL. Both outlive a restart. */
export function openSessionStore(databaseUrl: string, redisUrl: string | undefined): SessionStore {
  return redisUrl ? inRedis(redisUrl) : inPostgres(databaseUrl);
}

function inRedis(url: string): SessionStore {
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
