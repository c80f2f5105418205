import pg from 'pg';
import { log } from './log.ts';
import { showPool } from './measured.ts';

/**
 * A few connections of their own for libraries that bring their own tables (sessions, rate limits): they must not wait behind a
 * company's transactions, and they read numbers and times as `pg` gives them. `user` names them in the log.
 */
export function openPlainPool(url: string, connections: number, user: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    onConnect: (client) => client.query("set time zone 'UTC'"),
  });
  pool.on('error', (error) => log.warn({ err: error }, `${user}: an idle connection was lost`));
  showPool(user, pool);
  return pool;
}
