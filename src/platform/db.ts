import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { log } from './log.ts';
import { showPool } from './measured.ts';

/** Bound SQL: `` sql`select … ${value}` ``. There is no way to bind text as SQL, on purpose. */
export const { sql, join, empty } = Prisma;
/**
 * Rows of these ids, each looked up by itself: `` sql`id in ${each(ids)}` ``. Given as one list instead, PostgreSQL may read all rows of
 * the company along another index that ends with the id: to it both look equally cheap, and then the younger index wins.
 */
export const each = (ids: readonly string[]): Sql => sql`(select unnest(${[...ids]}::uuid[]))`;

export type Sql = Prisma.Sql;
export type TransactionClient = Prisma.TransactionClient;

export interface Database {
  prisma: PrismaClient;
  /** Prisma's connections, bare. `int8` arrives as bigint and `date` as midnight UTC, as through Prisma. */
  pool: pg.Pool;
  /** Connections for what only reads: a question leaves before the one before it is answered. They know no cursors. */
  readers: pg.Pool;
  url: string;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects when first used. At most `connections` of each kind at a time: whatever comes on top of them waits. */
export function openDatabase(url: string, connections = 10): Database {
  const pool = openPool(url, connections, false);
  const readers = openPool(url, connections, true);
  showPool('work', pool);
  showPool('readers', readers);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    readers,
    url,
    ping: async () => void (await pool.query('select 1')),
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([pool.end(), readers.end()]);
    },
  };
}

// Milliseconds. A process that stands still in the middle of a transaction holds locks that all others wait for: its machine sleeps, or
// swaps. No transaction of ours does anything between two statements that could take so long.
const FROZEN = 30_000;

function openPool(url: string, connections: number, pipeline: boolean): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    pipeline,
    types: { getTypeParser },
    // Prisma reads a time without looking at its offset: in another zone every time would be wrong.
    onConnect: (client) => client.query(`set time zone 'UTC'; set idle_in_transaction_session_timeout = ${FROZEN}`),
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  return pool;
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type, format) => {
  const usual = pg.types.getTypeParser(type, format);
  if (format === 'binary') return usual;
  if (type === pg.types.builtins.INT8) return BigInt;
  if (type === INT8_ARRAY)
    return (text: string) => usual(text).map((number: string | null) => number && BigInt(number));
  if (type === pg.types.builtins.DATE) return (day: string) => new Date(`${day}T00:00:00Z`);
  return usual;
};

const INT8_ARRAY: number = 1016;
