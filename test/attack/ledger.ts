import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import type { TestApp } from '../make.ts';

// What every request touches, one that is refused too.
const RESTLESS = ['session', 'rate_limit', 'about_session'];

/** One word for all that is stored: whoever may change nothing leaves it as it is. */
async function everything({ database }: TestApp): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all ($1) order by 1`,
    [RESTLESS],
  );
  const words: string[] = [];
  for (const { name } of rows) {
    const text = `select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as word from "${name}" t`;
    const found = await database.pool.query<{ word: string }>(text);
    words.push(`${name} ${found.rows[0]?.word}`);
  }
  return words;
}

/** The same, once nothing moves any more: what was begun before may still end. */
export async function everythingAtRest(portal: TestApp): Promise<readonly string[]> {
  let before = await everything(portal);
  for (let tries = 0; tries < 60; tries++) {
    await sleep(1000);
    const now = await everything(portal);
    if (now.join() === before.join()) break;
    before = now;
  }
  return before;
}

/** Forgets who asked too often, wherever it is counted: what one tool did must not hide what the next one finds. */
export async function forgetLimits({ database }: TestApp): Promise<void> {
  await database.pool.query('delete from rate_limit');
  const redis = await createClient({ url: process.env.TEST_REDIS_URL ?? '' }).connect();
  for await (const keys of redis.scanIterator({ COUNT: 1000 })) {
    const limits = keys.filter((key) => !/^(?:session|bull):/.test(key));
    if (limits.length > 0) await redis.del(limits);
  }
  redis.destroy();
}
