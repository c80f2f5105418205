import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import pg from 'pg';
import { log } from '../platform/log.ts';
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

// A pool of its own: the store's columns are plain timestamps, and sessions must not wait behind a company's transactions.
function inPostgres(url: string): SessionStore {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    onConnect: (client) => client.query("set time zone 'UTC'"),
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection of the sessions was lost'));
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
