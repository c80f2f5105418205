import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { throttled } from './measured.ts';
import { openPlainPool } from './plain-pool.ts';

/** So many uses of one key in so many seconds. */
export interface Limit {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
  /** counted in PostgreSQL even where there is a Redis, which may be flushed: where each use costs money or is a guess */
  readonly lasting?: true;
}

/** Attempts that may fail: some are free, then each has to wait twice as long as the one before, up to `longest` seconds. */
export interface Patience {
  readonly name: string;
  readonly free: number;
  readonly longest: number;
}

export interface Limiter {
  /** Counts one use. Answers the seconds to wait; 0: go on. */
  take(limit: Limit, key: string): Promise<number>;
  /** Counts one attempt before it is made, so that many at once cannot slip through. Answers the seconds to wait; 0: go on. */
  attempt(patience: Patience, key: string): Promise<number>;
  /** The attempt was good: it counts no more. */
  forgive(patience: Patience, key: string): Promise<void>;
  /** The attempt was good: none before it counts any more. */
  forget(patience: Patience, key: string): Promise<void>;
  close(): Promise<void>;
}

/** Attempts are counted in PostgreSQL always: a flushed Redis must not give a guesser a fresh start. */
export async function openLimiter(databaseUrl: string, redisUrl: string | undefined): Promise<Limiter> {
  const redis = redisUrl ? (await import('./redis.ts')).openRedis(redisUrl, 'rate limits') : null;
  const pool = openPlainPool(databaseUrl, 3, 'rate limits');
  const table = { storeClient: pool, storeType: 'pool', tableName: 'rate_limit', tableCreated: true };
  const tries = new RateLimiterPostgres({ ...table, keyPrefix: 'tries', points: 1, duration: MEMORY });
  const waits = new RateLimiterPostgres({ ...table, keyPrefix: 'wait', points: 1, duration: 1 });
  const counters = new Map<string, RateLimiterAbstract>();

  return {
    take: async (limit, key) => noted(limit.name, await consume(counterOf(limit), key)),
    attempt: async (patience, key) => {
      const name = `${patience.name}:${key}`;
      const { consumedPoints } = await tries.penalty(name);
      if (consumedPoints <= patience.free) return 0;
      const delay = Math.min(patience.longest, 2 ** (consumedPoints - patience.free - 1));
      const wait = await consume(waits, name, delay);
      // One that was refused was no guess: it must not make the honest one wait longer.
      if (wait > 0) await tries.reward(name);
      return noted(patience.name, wait);
    },
    forgive: async (patience, key) => void (await tries.reward(`${patience.name}:${key}`)),
    forget: async (patience, key) => {
      const name = `${patience.name}:${key}`;
      await Promise.all([tries.delete(name), waits.delete(name)]);
    },
    close: async () => {
      await pool.end();
      redis?.destroy();
    },
  };

  function counterOf(limit: Limit): RateLimiterAbstract {
    const known = counters.get(limit.name);
    if (known) return known;
    const options = { keyPrefix: limit.name, points: limit.points, duration: limit.seconds };
    const counter = limit.lasting
      ? new RateLimiterPostgres({ ...table, ...options })
      : redis
        ? new RateLimiterRedis({
            ...options,
            storeClient: redis,
            useRedisPackage: true,
            insuranceLimiter: new RateLimiterMemory(options),
          })
        : new RateLimiterMemory(options);
    counters.set(limit.name, counter);
    return counter;
  }
}

function noted(limit: string, wait: number): number {
  if (wait > 0) throttled.inc({ limit });
  return wait;
}

// Tries are forgotten a day after the first of them.
const MEMORY = 24 * 60 * 60;

async function consume(counter: RateLimiterAbstract, key: string, customDuration?: number): Promise<number> {
  try {
    await counter.consume(key, 1, customDuration === undefined ? {} : { customDuration });
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}
