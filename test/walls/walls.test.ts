import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import { plant } from '../../src/canaries/canaries.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { openInside } from '../../src/inside.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { routes } from '../../src/routes.ts';
import type { Company } from '../../src/tenancy/company.ts';
import * as walls from '../../src/walls/walls.ts';
import type { Route } from '../../src/web/context.ts';
import { letters, makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser } from '../make.ts';

let portal: TestApp;
let admin: TestUser;
let one: Company;
let other: Company;
beforeAll(async () => {
  portal = await makeApp();
  admin = await makeUser(portal, { admin: true });
  one = await makeCompany(portal);
  // Without a plan much is refused, whosever it is.
  other = await makeCompany(portal, { plan: 'free' });
  await shop(one, 1);
  await shop(other, 2);
  await plant(portal.services);
}, 60_000);
afterAll(() => portal.close());

async function shop(company: Company, n: number) {
  await makeUser(portal, { company });
  const at = new Date(Date.now() - 60_000).toISOString();
  const order = (m: number) => ({
    ...{ externalId: `${m}`, placedAt: at, currency: 'UAH', total: '10.00' },
    customer: { name: `Person ${n}${m}`, phones: [`067 11${n} 22 3${m}`], emails: [`person-${n}${m}@example.com`] },
  });
  await ingestOrders(portal.tenancy, company, [order(1), order(2), order(3)], new Date());
}

type Row = Record<string, unknown>;

/** Enough for what is about the look, and not about every page. */
const few = routes.filter(({ path }) => path === '/customers' || path.startsWith('/about-me'));

/** Has the portal looked at, with these addresses, as a worker does it. */
async function look(table: readonly Route[] = routes): Promise<{ run: Row; findings: Row[] }> {
  const id = (await portal.tenancy.inPortal((db) => walls.request(db, null))) ?? '';
  await portal.database.prisma.$executeRaw(sql`delete from job where name = 'walls.look'`);
  await walls.look(portal.services, means(table), id, new AbortController().signal);
  return result(id);
}

const means = (table: readonly Route[]): walls.Means => ({
  open: (services) => openInside(services, table),
  workOff: async (services, ids) => {
    for (const id of ids) await runJob({ services, mailer: null, stopping: new AbortController().signal }, id);
  },
});

async function result(id: string) {
  const { prisma } = portal.database;
  const [run = {}] = await prisma.$queryRaw<Row[]>(sql`select * from wall_run where id = ${id}::uuid`);
  const findings = await prisma.$queryRaw<Row[]>(
    sql`select * from wall_finding where run_id = ${id}::uuid order by at, id`,
  );
  return { run, findings };
}

/** Every row of every table but those of the looks themselves and of the job that waits for them. */
async function everything(): Promise<Record<string, string>> {
  const { rows: tables } = await portal.database.pool.query<{ name: string }>(`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
      and table_name not in ('wall_run', 'wall_finding', 'wall_visit', 'job', 'job_done')`);
  const all: Record<string, string> = {};
  for (const { name } of tables) {
    const text = `select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) as sum from "${name}" t`;
    all[name] = (await portal.database.pool.query<{ sum: string }>(text)).rows[0]?.sum ?? '';
  }
  return all;
}

test('a look that an administrator asks for opens everything as every company, finds nothing, and leaves not a letter behind', async () => {
  const visitor = await signIn(portal, admin);
  await visitor.get('/admin/walls');
  await visitor.post('/admin/walls');
  expect((await visitor.get('/admin/walls')).text).toContain('Waiting');
  await visitor.post('/admin/walls');
  expect((await visitor.get('/admin/walls')).text).toContain('A look is under way already.');
  const [asked] = await portal.database.prisma.$queryRaw<{ id: string }[]>(sql`select id from wall_run`);
  const before = await everything();
  await portal.runJobs();
  const { run, findings } = await result(asked?.id ?? '');
  expect(findings).toEqual([]);
  expect(run).toMatchObject({
    state: 'done',
    error: null,
    leaks: 0n,
    companies: 4n,
    companies_total: 4n,
    failures: 0n,
  });
  expect(Number(run.answers)).toBeGreaterThan(500);
  expect(Number(run.canaries)).toBeGreaterThan(20);
  expect(Number(run.addresses) / Number(run.addresses_total)).toBeGreaterThan(0.9);
  expect(await everything()).toEqual(before);
  expect((await visitor.get('/admin/walls')).text).toContain('The walls stand');
}, 300_000);

test('an address that shows another company’s customer is found, told with whose it is, and administrators get a letter', async () => {
  const leaky: Route = {
    method: 'GET',
    path: '/leak',
    permission: 'customers:read',
    handler: async ({ company, services, res }) => {
      const neighbour = company.id === one.id ? other : one;
      const [row] = await services.tenancy.reading(neighbour, (db) =>
        db.query<{ id: string; value: string }>(sql`
          select k.customer_id as id, k.value from contact k where k.kind = 'phone' order by k.value desc limit 1`),
      );
      const phone = row?.value.replace(/(\d{3})(\d{3})$/, ' $1 $2');
      res.send(`<a href="/customers/${row?.id}">${phone}</a>`);
    },
  };
  const hole = sql`create policy hole on invitation for select to clientele_company using (true)`;
  await portal.database.prisma.$executeRaw(hole);
  const { run, findings } = await look([leaky, ...few, ...routes.filter(({ path }) => path === '/settings/users')]);
  await portal.database.prisma.$executeRaw(sql`drop policy hole on invitation`);
  const of = (route: string, shownTo: Company) =>
    findings
      .filter((finding) => finding.route === route && finding.shown_to === shownTo.id)
      .map(({ what, belongs_to }) => [what, belongs_to]);
  for (const [shownTo, owner] of [
    [one, other],
    [other, one],
  ] as const) {
    expect(of('GET /leak', shownTo)).toContainEqual(['phone', owner.id]);
    expect(of('GET /leak', shownTo)).toContainEqual(['stranger', owner.id]);
  }
  // The portal's own companies have invitations, and the word in them.
  expect(of('GET /settings/users', one)).toEqual([
    ['word', expect.any(String)],
    ['word', expect.any(String)],
  ]);
  expect(Number(run.leaks)).toBeGreaterThanOrEqual(6);
  expect(JSON.stringify(findings.map(({ detail, address }) => [detail, address]))).not.toContain('@example.com');
  expect(await letters(portal, admin.email)).toHaveLength(1);
  const { text } = await (await signIn(portal, admin)).get('/admin/walls');
  expect(text).toContain('GET /leak');
  expect(text).toContain(one.name);
}, 300_000);

test('two looks at once, and one that two workers hold, do no harm', async () => {
  const first = (await portal.tenancy.inPortal((db) => walls.request(db, null))) ?? '';
  await portal.database.prisma.$executeRaw(sql`delete from job where name = 'walls.look'`);
  const second = newId();
  await portal.database.prisma.$executeRaw(sql`insert into wall_run (id) values (${second}::uuid)`);
  const before = await everything();
  const { signal } = new AbortController();
  await Promise.all([first, first, second].map((id) => walls.look(portal.services, means(few), id, signal)));
  for (const id of [first, second])
    expect((await result(id)).run).toMatchObject({ state: 'done', leaks: 0n, companies: 4n, failures: 0n });
  expect(await everything()).toEqual(before);
}, 300_000);

test('the portal’s own companies stand in no list, hold nobody up, and are made once', async () => {
  await Promise.all([plant(portal.services), plant(portal.services)]);
  const watched = await portal.database.prisma.$queryRaw<{ name: string }[]>(sql`select name from company where watch`);
  expect(watched).toHaveLength(2);
  const visitor = await signIn(portal, admin);
  const { text } = await visitor.get('/admin/companies');
  expect(text).toContain(one.name);
  expect(text).not.toContain('canary');
  expect((await visitor.get('/metrics')).text).toMatch(/^walls_leaks_total [1-9]/m);
});
