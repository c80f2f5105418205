import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyReader } from '../../src/tenancy/handles.ts';
import { type TwoCompanies, twoCompanies } from './two-companies.ts';

// What only reads sends its questions ahead of the answers, on connections that the companies take in turn.

let world: TwoCompanies;

beforeAll(async () => {
  world = await twoCompanies(2);
});
afterAll(() => world.close());

const whose = sql`select distinct company_id from customer`;
const broken = sql`select 1 / 0`;

const read = <T>(company: Company, work: (db: CompanyReader) => Promise<T>) => world.tenancy.reading(company, work);
const owners = async (db: CompanyReader) =>
  (await db.query<{ company_id: string }>(whose)).map((row) => row.company_id);

test('questions asked at once are answered each with its own answer', async () => {
  const answers = await read(world.a, (db) =>
    Promise.all([1, 2, 3].map((n) => db.query<{ n: number }>(sql`select ${n}::int as n`))),
  );
  expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
});

test('two companies that share connections see only their own customers, however many read at once', async () => {
  const asked = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? world.a : world.b));
  const answers = await Promise.all(asked.map((company) => read(company, owners)));
  expect(answers).toEqual(asked.map(({ id }) => [id]));
});

test('a question that fails fails the reading, and leaves nothing behind on its connection', async () => {
  const failing = [world.a, world.b, world.a, world.b].map((company) => read(company, (db) => db.query(broken)));
  for (const each of failing) await expect(each).rejects.toThrow('division by zero');
  const work = async (db: CompanyReader) => (await Promise.allSettled([db.query(broken), db.query(whose)]))[1].status;
  await expect(read(world.a, work)).resolves.toBe('rejected');
  expect(await Promise.all([world.b, world.a, world.b].map((company) => read(company, owners)))).toEqual([
    [world.b.id],
    [world.a.id],
    [world.b.id],
  ]);
});

test('what throws before it asks anything fails the reading too', async () => {
  const throws = () => {
    throw new Error('no question');
  };
  await expect(read(world.a, throws)).rejects.toThrow('no question');
  expect(await read(world.b, owners)).toEqual([world.b.id]);
});

test('a company whose door does not open is asked nothing', async () => {
  const nobody = { ...world.a, id: 'no id' } as Company;
  await expect(read(nobody, owners)).rejects.toThrow('invalid input syntax for type uuid');
});

test('nobody asks after the end of the reading: the connection may be in another company by then', async () => {
  const kept = await read(world.a, async (db) => db);
  await expect(kept.query(whose)).rejects.toThrow('A question after the end of its transaction');
});

test('nothing can be changed', async () => {
  const change = sql`update customer set name = 'Somebody else'`;
  await expect(read(world.a, (db) => db.query(change))).rejects.toThrow('read-only transaction');
});

test('a reading with a limit comes to nothing when a question takes longer, and the next one on its connection has none', async () => {
  const slow = sql`select pg_sleep(30)`;
  expect(await world.tenancy.readingWithin(world.a, 20, (db) => db.query(slow))).toBeNull();
  expect(await world.tenancy.readingWithin(world.b, 60_000, owners)).toEqual([world.b.id]);
  const limits = await read(world.a, (db) => db.query(sql`select current_setting('statement_timeout') as limit`));
  expect(limits).toEqual([{ limit: '0' }]);
  await expect(world.tenancy.readingWithin(world.a, 60_000, (db) => db.query(broken))).rejects.toThrow(
    'division by zero',
  );
});

test('a reading that loses its connection fails, and the next one has another', async () => {
  const lost = read(world.a, (db) => db.query(sql`select pg_terminate_backend(pg_backend_pid())`));
  await expect(lost).rejects.toThrow();
  expect(await read(world.a, owners)).toEqual([world.a.id]);
});
