import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function clear(): Promise<void> {
  await portal.tenancy.inPortal((db) => enqueue(db, 'outbox.clear', {}));
  await portal.runJobs();
}

const names = async (statement: ReturnType<typeof sql>) =>
  (await portal.database.prisma.$queryRaw<{ name: string }[]>(statement)).map(({ name }) => name);

test('the daily job throws away jobs that were given up 30 days ago, and no other', async () => {
  await portal.database.prisma.$executeRaw(sql`
    insert into job (id, name, payload, due_at, created_at)
    select gen_random_uuid(), case when gone then 'given up ' else 'waits ' end || days, '{}',
           case when gone then 'infinity'::timestamptz else now() + interval '1 day' end, now() - days * interval '1 day'
    from unnest(array[true, false]) gone, unnest(array[29, 31]) days`);
  await clear();
  expect(await names(sql`select name from job order by name`)).toEqual(['given up 29', 'waits 29', 'waits 31']);
});

test('the daily job throws away links that were used, withdrawn or too old 30 days ago, and no other', async () => {
  const company = await makeCompany(portal);
  const { id: userId } = await makeUser(portal);
  await portal.database.prisma.$executeRaw(sql`
    insert into password_reset (token_hash, user_id, expires_at, used_at)
    select 'expired ' || days, ${userId}::uuid, now() - days * interval '1 day', null::timestamptz from unnest(array[-1, 29, 31]) days
    union all
    select 'used ' || days, ${userId}::uuid, now() + interval '1 day', now() - days * interval '1 day' from unnest(array[29, 31]) days`);
  await portal.database.prisma.$executeRaw(sql`
    insert into invitation (company_id, id, email, role, token_hash, expires_at, accepted_at, revoked_at)
    select ${company.id}::uuid, gen_random_uuid(), how || ' ' || days, 'viewer', how || days,
           case when how = 'expired' then now() - days * interval '1 day' else now() + interval '1 day' end,
           case when how = 'accepted' then now() - days * interval '1 day' end,
           case when how = 'revoked' then now() - days * interval '1 day' end
    from unnest(array['open', 'expired', 'accepted', 'revoked']) how, unnest(array[29, 31]) days`);
  await clear();
  expect(await names(sql`select token_hash as name from password_reset order by 1`)).toEqual([
    'expired -1',
    'expired 29',
    'used 29',
  ]);
  expect(await names(sql`select email as name from invitation order by 1`)).toEqual([
    'accepted 29',
    'expired 29',
    'open 29',
    'open 31',
    'revoked 29',
  ]);
});
