import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.ts';
import { rootPath } from '../../src/platform/root.ts';
import { bareDatabase, type TestDatabase } from '../setup/database.ts';
import { statementsTowards } from './schema-engine.ts';

describe('schema.prisma', () => {
  const schema = readFileSync(rootPath('prisma', 'schema.prisma'), 'utf8');
  let database: TestDatabase;
  beforeAll(async () => {
    // Not a clone of the template, which may lie in partitions.
    database = await bareDatabase();
    await migrate(database.url);
  });
  afterAll(() => database.close());

  test('describes the very tables, columns, defaults and keys that the migrations make', async () => {
    expect(await drift(schema)).toEqual([]);
  });

  test.each([
    ['a column that the migrations do not know', '  slug ', '  slogan String\n  slug ', 'ADD COLUMN     "slogan"'],
    ['a column that the schema forgot', '  country    String\n', '', 'DROP COLUMN "country"'],
    ['another type', '  rating    BigInt', '  rating    Int', 'SET DATA TYPE INTEGER'],
    ['another default', '@default("paid")', '@default("free")', "SET DEFAULT 'free'"],
    ['a value that must be there', '  quietHours String? ', '  quietHours String ', '"quiet_hours" SET NOT NULL'],
    [
      'a unique key that the schema forgot',
      '  slug       String   @unique',
      '  slug       String',
      'DROP INDEX "company_slug_key"',
    ],
  ])('would be caught with %s', async (_what, from, to, statement) => {
    expect(schema).toContain(from);
    expect((await drift(schema.replace(from, to))).join('\n')).toContain(statement);
  });

  /** Indexes but unique keys are left to the migrations: most of them cannot be written in schema.prisma. */
  async function drift(wanted: string): Promise<string[]> {
    const plain = await plainIndexes();
    const found = await statementsTowards(wanted, database.url);
    return found.filter((statement) => !plain.has(/^DROP INDEX "(\w+)"$/.exec(statement)?.[1] ?? ''));
  }

  async function plainIndexes(): Promise<Set<string>> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      'select indexrelid::regclass::text as name from pg_index where not indisunique',
    );
    await client.end();
    return new Set(rows.map(({ name }) => name));
  }
});
