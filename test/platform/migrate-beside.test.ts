import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { rootPath } from '../../src/platform/root.ts';
import { makeApp, makeCompany, makeUser, signIn } from '../make.ts';

const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a portal that serves goes on when the next version adds a column to every table it has', async () => {
  const portal = await makeApp();
  const company = await makeCompany(portal);
  const visitor = await signIn(portal, await makeUser(portal, { company }));
  const order = (externalId: string) => ({
    ...{ externalId, placedAt: new Date().toISOString(), currency: 'UAH', total: '10.00' },
    customer: { name: 'Olena', phones: ['067 123 45 67'] },
  });
  const [first] = await ingestOrders(portal.tenancy, company, [order('before')], new Date());
  const pages = [
    '/customers',
    '/customers?q=olena',
    `/customers/${first?.customerId}`,
    '/orders',
    '/segments',
    '/profile',
  ];
  const statuses = async () => {
    const answers = [];
    for (const path of pages) answers.push((await visitor.get(path)).status);
    return answers;
  };
  // Twice: what is asked often is planned once, and the plan is kept.
  const before = [await statuses(), await statuses()];
  const tables = await portal.database.prisma.$queryRaw<{ name: string }[]>(
    sql`select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and pg_get_userbyid(relowner) = 'clientele' and not relispartition`,
  );
  cpSync(rootPath('prisma', 'migrations'), folder, { recursive: true });
  const name = '20990101000000_one_more';
  mkdirSync(join(folder, name));
  const script = tables.map((table) => `alter table "${table.name}" add column one_more text not null default '';`);
  writeFileSync(join(folder, name, 'migration.sql'), script.join('\n'));
  expect(await migrate(portal.services.config.databaseUrl ?? '', { folder })).toEqual([name]);
  expect([await statuses(), await statuses()]).toEqual(before);
  const [again] = await ingestOrders(portal.tenancy, company, [order('after')], new Date());
  expect(again?.status).toBe('created');
  await portal.close();
});
