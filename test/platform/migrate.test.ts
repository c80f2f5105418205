import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ConfigError } from '../../src/platform/config.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { rootPath } from '../../src/platform/root.ts';
import { bareDatabase, type TestDatabase } from '../setup/database.ts';

describe('migrations', () => {
  const folders: string[] = [];
  const databases: TestDatabase[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
    for (const database of databases.splice(0)) await database.close();
  });

  test('a plain owner of the database can apply them, and a second run finds nothing to do', async () => {
    const { url } = await database();
    expect(await migrate(url)).toContain('20261121000000_start');
    expect(await migrate(url)).toEqual([]);
  });

  test('a superuser can apply them', async () => {
    const { url } = await database(true);
    expect(await migrate(url)).toContain('20261121000000_start');
  });

  test('processes that start together apply each one once', async () => {
    const { url } = await database();
    const applied = (await Promise.all([migrate(url), migrate(url), migrate(url)])).flat();
    expect(applied).toEqual([...new Set(applied)]);
    expect(applied.length).toBeGreaterThan(0);
  });

  test('the books are those of Prisma: name, sha256 of the file, finished', async () => {
    const { url } = await database();
    const folder = migrations();
    write(folder, '20300101000000_more', 'create table more (id int)');
    await migrate(url, { folder });
    const rows = await query(url, "select * from _prisma_migrations where migration_name like '%_more'");
    expect(rows).toEqual([
      expect.objectContaining({
        checksum: '83549e14d3afe60487e3d6b7b83b20f863fc7336240f6324511ea5cd075692f5',
        finished_at: expect.any(Date),
        rolled_back_at: null,
        applied_steps_count: 1,
      }),
    ]);
  });

  test('an applied migration that was changed afterwards is refused by name', async () => {
    const { url } = await database();
    const folder = migrations();
    write(folder, '20300101000000_more', 'create table more (id int)');
    await migrate(url, { folder });
    write(folder, '20300101000000_more', 'create table more (id bigint)');
    await expect(migrate(url, { folder })).rejects.toThrow('20300101000000_more was changed after it was applied');
  });

  test('a database of a newer version is refused', async () => {
    const { url } = await database();
    const folder = migrations();
    write(folder, '20300101000000_more', 'create table more (id int)');
    await migrate(url, { folder });
    await expect(migrate(url)).rejects.toThrow('20300101000000_more, which this version does not know');
  });

  test('one that fails in its middle leaves nothing behind, and works once it is mended', async () => {
    const { url } = await database();
    const folder = migrations();
    write(folder, '20300101000000_more', 'create table more (id int); select 1 / 0');
    await expect(migrate(url, { folder })).rejects.toThrow('20300101000000_more failed: division by zero');
    expect(await query(url, "select to_regclass('more') as found")).toEqual([{ found: null }]);
    write(folder, '20300101000000_more', 'create table more (id int)');
    expect(await migrate(url, { folder })).toEqual(['20300101000000_more']);
  });

  test('a database that cannot be reached is one line, without the password', async () => {
    const { url } = await database();
    const wrong = url.replace(/:[^:@]+@/, ':wrong-password@');
    const refusal = await migrate(wrong).catch((error: Error) => error);
    expect(refusal).toBeInstanceOf(ConfigError);
    expect(String(refusal)).toContain('password authentication failed');
    expect(String(refusal)).not.toContain('wrong-password');
    await expect(migrate('postgresql://nobody@127.0.0.1:1/none')).rejects.toThrow(/does not let us in: .*ECONNREFUSED/);
  });

  async function database(superuser = false): Promise<TestDatabase> {
    const made = await bareDatabase(superuser);
    databases.push(made);
    return made;
  }

  function migrations(): string {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    folders.push(folder);
    cpSync(rootPath('prisma', 'migrations'), folder, { recursive: true });
    return folder;
  }
});

function write(folder: string, name: string, script: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), script);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}
