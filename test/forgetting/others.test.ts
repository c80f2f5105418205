import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { person, storePeople } from '../customers/make.ts';
import { bring, check, importRow, rowsOf } from '../imports/make.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, type Visitor } from '../make.ts';

const PHONE = '+380507770123';

let portal: TestApp;
let company: Company;
let user: TestUser;
let owner: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  user = await makeUser(portal, { company });
  owner = await signIn(portal, user);
});
afterAll(() => portal.close());

async function erase(name: string): Promise<void> {
  const id = newId();
  await storePeople(portal.tenancy, company, [person({ id, name, phones: [PHONE] })]);
  for (const step of ['deletion', 'erasure']) {
    await owner.get(`/customers/${id}/${step}`);
    expect((await owner.post(`/customers/${id}/${step}`)).status).toBe(303);
  }
  await portal.runJobs();
  const open = sql`select id from erasure where company_id = ${company.id}::uuid and done_at is null`;
  expect(await portal.database.prisma.$queryRaw(open)).toEqual([]);
}

const execute = (statement: ReturnType<typeof sql>) => portal.database.prisma.$executeRaw(statement);

/** What others wrote, and what is about others, with the words that the erased person is called by. */
async function plant(words: string): Promise<void> {
  const [id, letter] = [newId(), newId()];
  await execute(sql`insert into campaign (company_id, id, name, body, filter)
    values (${company.id}::uuid, ${id}::uuid, ${words}, ${`${words}! Call ${PHONE}`}, ${`q=${encodeURIComponent(words)}`})`);
  await execute(sql`insert into segment (company_id, id, name, filter, position)
    values (${company.id}::uuid, ${newId()}::uuid, ${words}, ${`q=${encodeURIComponent(words)}`}, 50)`);
  await execute(sql`insert into audit_entry (id, company_id, action, subject)
    values (${newId()}::uuid, ${company.id}::uuid, 'campaign.created', ${JSON.stringify({ id, name: words })}::jsonb)`);
  await execute(sql`insert into outbox (id, company_id, channel, address, subject, body)
    values (${letter}::uuid, ${company.id}::uuid, 'email', 'reader@example.com', ${words}, ${`Good day, ${words}`})`);
}

const texts = () =>
  portal.database.prisma.$queryRaw<unknown[]>(sql`
    select name as one, body as two, filter as three from campaign where company_id = ${company.id}::uuid
    union all select name, filter, '' from segment where company_id = ${company.id}::uuid
    union all select action, subject::text, '' from audit_entry where company_id = ${company.id}::uuid and action = 'campaign.created'
    union all select subject, body, '' from outbox where address = 'reader@example.com' order by 1, 2, 3`);

test.each([['Anna Li'], ['Анна'], ['доставка']])(
  'an erasure of "%s" leaves what was written to others and what others are called',
  async (name) => {
    await plant(`${name} Joanna Lipska`);
    const before = await texts();
    await erase(name);
    expect(await texts()).toEqual(before);
  },
);

test('of a file that waits only the rows with a contact of the person are emptied: namesakes are brought', async () => {
  const id = await bring(
    portal,
    company,
    user.id,
    `Name,Phone\nAnna Li,0671110001\nAnna Li,050 777 01 23\nJoanna Lipska,0671110002\n`,
  );
  await check(portal, company, id);
  const waiting = await bring(portal, company, user.id, 'Name,Phone\nAnna Li,0671110001\n');
  await erase('Anna Li');
  const cells = (await rowsOf(portal, id)).map((row) => row.cells);
  expect(cells).toEqual([['Anna Li', '0671110001'], [], ['Joanna Lipska', '0671110002']]);
  expect((await importRow(portal, company, waiting)).file_key).not.toBeNull();
});

test('however many rows there are, they are gone through to the last one', async () => {
  const id = await bring(portal, company, user.id, 'Name,Phone\nSomebody,0671110009\n');
  await execute(sql`
    insert into import_row (company_id, import_id, line, cells)
    select ${company.id}::uuid, ${id}::uuid, 10 + n, jsonb_build_array('Row ' || n, case when n % 2500 = 0 then '050 777 01 23' else '' end)
    from generate_series(1, 5000) n`);
  await execute(sql`
    insert into audit_entry (id, company_id, action, subject, at)
    select gen_random_uuid(), ${company.id}::uuid, 'campaign.changed', jsonb_build_object('name', 'Row ' || n || case when n % 2500 = 0 then ${` ${PHONE}`} else '' end),
           now() - n * interval '1 second' from generate_series(1, 5000) n`);
  await erase('Olena');
  const [left] = await portal.database.prisma.$queryRaw<{ rows: number; emptied: number; named: number }[]>(sql`
    select count(*)::int as rows, count(*) filter (where cells = '[]')::int as emptied,
           (select count(*)::int from audit_entry where subject::text like ${`%${PHONE}%`}) as named
    from import_row where import_id = ${id}::uuid and line > 10`);
  expect(left).toEqual({ rows: 5000, emptied: 2, named: 0 });
});
