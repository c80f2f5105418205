import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase, sql } from '../../src/platform/db.ts';
import { type TestDatabase, testDatabase } from '../setup/database.ts';

let own: TestDatabase;
let db: Database;
beforeAll(async () => {
  own = await testDatabase();
  db = openDatabase(own.url, 2);
});
afterAll(async () => {
  await db.close();
  await own.close();
});

const VALUES = `9007199254740993::int8 as number, date '2026-03-29' as day, timestamptz '2026-03-29 12:00+03' as moment,
  array[1, 2]::int8[] as numbers`;

test('both ways to the database read big numbers, days and moments alike', async () => {
  const bare = await db.pool.query(`select ${VALUES}`);
  const [typed] = await db.prisma.$queryRaw<
    unknown[]
  >(sql`select 9007199254740993::int8 as number, date '2026-03-29' as day,
    timestamptz '2026-03-29 12:00+03' as moment, array[1, 2]::int8[] as numbers`);
  expect(bare.rows).toEqual([
    {
      number: 9007199254740993n,
      day: new Date('2026-03-29T00:00:00Z'),
      moment: new Date('2026-03-29T09:00:00Z'),
      numbers: [1n, 2n],
    },
  ]);
  expect(typed).toEqual(bare.rows[0]);
});

test('moments are right although the server lives in another time zone', async () => {
  await db.pool.query(`alter role current_user set timezone = 'Pacific/Auckland'`);
  const travelled = openDatabase(own.url, 1);
  try {
    const [row] = await travelled.prisma.$queryRaw<{ moment: Date }[]>(
      sql`select timestamptz '2026-03-29 12:00+03' as moment`,
    );
    expect(row?.moment).toEqual(new Date('2026-03-29T09:00:00Z'));
  } finally {
    await travelled.close();
    await db.pool.query('alter role current_user reset timezone');
  }
});

test('an undefined filter is an error, not all rows', async () => {
  const nobody: { slug?: string } = {};
  await expect(db.prisma.company.findMany({ where: { slug: nobody.slug as string } })).rejects.toThrow(
    'explicitly `undefined` values are not allowed',
  );
});

test('text is always bound, never spliced', async () => {
  const nasty = "'; drop table company; --";
  expect(await db.prisma.$queryRaw(sql`select ${nasty} as text`)).toEqual([{ text: nasty }]);
});
