import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import { plant } from '../../src/canaries/canaries.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { openInside } from '../../src/inside.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { routes } from '../../src/routes.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { ask } from '../../src/walls/inside.ts';
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
const few = routes.filter(
  ({ method, path }) =>
    [
      '/customers',
      '/customers/new',
      '/customers/:id',
      '/customers/:id/edit',
      '/exports',
      '/settings/users',
      '/companies/:company/exports/:id/file',
    ].includes(path) ||
    path.startsWith('/password/') ||
    path.startsWith('/about-me') ||
    `${method} ${path}` === 'GET /invitations/:token',
);

async function requested(): Promise<string> {
  const id = (await portal.tenancy.inPortal((db) => walls.request(db, null))) ?? '';
  await portal.database.prisma.$executeRaw(sql`delete from job where name = 'walls.look'`);
  return id;
}

const means = (table: readonly Route[], whileWriting = async () => {}): walls.Means => ({
  open: (services) => openInside(services, table),
  workOff: async (services, ids) => {
    for (const id of ids) await runJob({ services, mailer: null, stopping: new AbortController().signal }, id);
    await whileWriting();
  },
});

/** The portal, and how often somebody went through all of its companies. */
function counting() {
  let walks = 0;
  const companiesOfOperator = () => {
    walks++;
    return portal.tenancy.companiesOfOperator();
  };
  const services = { ...portal.services, tenancy: { ...portal.tenancy, companiesOfOperator } };
  return { walked: () => walks, services };
}

const { signal } = new AbortController();

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

test('two looks at once, and one that two workers hold, do no harm', async () => {
  const [first, second] = [await requested(), newId()];
  await portal.database.prisma.$executeRaw(sql`insert into wall_run (id) values (${second}::uuid)`);
  const before = await everything();
  const { walked, services } = counting();
  await Promise.all([first, first, second].map((id) => walls.look(services, means(few), id, signal)));
  // A customer who is only there in a rehearsal is looked for in no other company.
  expect(walked()).toBe(0);
  for (const id of [first, second])
    expect((await result(id)).run).toMatchObject({ state: 'done', leaks: 0n, companies: 2n, failures: 0n });
  expect(await everything()).toEqual(before);
});

test('the port on which the portal opens itself answers nobody else, whatever is asked', async () => {
  const inside = await openInside(portal.services, few);
  try {
    for (const headers of [{}, { 'clientele-inside': '' }, { 'clientele-inside': inside.secret.replace(/.$/, '-') }])
      for (const [method, path] of [
        ['GET', '/about-me'],
        ['POST', '/password/forgot'],
        ['POST', '/about-me/code'],
      ] as const) {
        const answer = await fetch(inside.origin + path, { method, headers, redirect: 'manual' });
        expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([404, '', null]);
      }
    expect((await ask(inside, '/about-me')).status).toBe(200);
  } finally {
    await inside.close();
  }
});

test('who looks is a user only where something is written, behind the same wall, and never afterwards', async () => {
  const [company] = await portal.database.prisma.$queryRaw<{ id: string }[]>(sql`select id from company where watch`);
  const proved = await portal.tenancy.companyOfJob({ companyId: company?.id ?? '' });
  if (!proved) throw new Error('Nothing was planted');
  const watch = portal.services.watching.watch();
  const { userId } = watch.admit(proved);
  const user = sql`select id from app_user where id = ${userId}::uuid`;
  expect(await watch.tenancy.inPortal((db) => db.query(user))).toEqual([]);
  const role = sql`select current_user::text as role, current_company()::text as company`;
  const seen = await watch.tenancy.inCompany(proved, async (db) => {
    const write = sql`delete from notice where false`;
    const [before, , after] = await Promise.all([db.query(role), db.execute(write), db.query(role)]);
    return [before, after];
  });
  const there = { role: 'clientele_company', company: proved.id };
  expect(seen).toEqual([[there], [there]]);
  const written = await watch.tenancy.inPortal(async (db) => {
    await db.execute(sql`update app_user set name = 'Watch' where id = ${userId}::uuid`);
    return db.query(user);
  });
  expect(written).toHaveLength(1);
  expect(await portal.database.prisma.$queryRaw(user)).toEqual([]);
});

describe('with companies', () => {
  beforeAll(async () => {
    // It lets nobody in without a second factor.
    one = await makeCompany(portal);
    await portal.database.prisma.$executeRaw(sql`update company set second_factor = true where id = ${one.id}::uuid`);
    await shop(one, 1);
  });

  test('a look that an administrator asks for opens everything as every company, finds nothing, and leaves not a letter behind', async () => {
    const visitor = await signIn(portal, admin);
    await visitor.get('/admin/walls');
    await visitor.post('/admin/walls');
    expect((await visitor.get('/admin/walls')).text).toContain('Waiting');
    await visitor.post('/admin/walls');
    expect((await visitor.get('/admin/walls')).text).toContain('A look is under way already.');
    const [asked] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from wall_run where state = 'queued'`,
    );
    const before = await everything();
    const { walked, services } = counting();
    await walls.look(services, means(routes), asked?.id ?? '', signal);
    // For the ids of examples once, not for each company.
    expect(walked()).toBeLessThanOrEqual(1);
    // The job itself has nothing left to look at.
    await portal.runJobs();
    const { run, findings } = await result(asked?.id ?? '');
    expect(findings).toEqual([]);
    expect(run).toMatchObject({
      ...{ state: 'done', error: null, leaks: 0n },
      ...{ companies: 3n, companies_total: 3n, failures: 0n },
    });
    expect(Number(run.answers)).toBeGreaterThan(500);
    expect(Number(run.canaries)).toBeGreaterThan(20);
    expect(Number(run.addresses) / Number(run.addresses_total)).toBeGreaterThan(0.85);
    expect(await everything()).toEqual(before);
    expect((await visitor.get('/admin/walls')).text).toContain('The walls stand');
  }, 300_000);

  test('an address that shows another company’s customer is found, told with whose it is; a company that cannot be opened to the end holds up no other', async () => {
    // Without a plan much is refused, whosever it is.
    other = await makeCompany(portal, { plan: 'free' });
    await shop(other, 2);
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
    // Nothing comes of it: neither an export nor a letter.
    const silent: Route = {
      method: 'POST',
      path: '/exports',
      permission: 'exports:create',
      handler: async ({ redirect }) => redirect('/exports'),
    };
    const held: string[] = [];
    const whileWriting = async () => {
      for (const { id } of [one, other]) {
        const [row] = await portal.database.prisma.$queryRaw<{ free: boolean }[]>(
          sql`select pg_try_advisory_xact_lock(hashtextextended('identity ' || ${id}, 0)) as free`,
        );
        held.push(row?.free ? 'free' : 'held');
      }
    };
    const hole = sql`create policy hole on invitation for select to clientele_company using (true)`;
    await portal.database.prisma.$executeRaw(hole);
    const id = await requested();
    await walls.look(portal.services, means([leaky, silent, ...few], whileWriting), id, signal);
    await portal.database.prisma.$executeRaw(sql`drop policy hole on invitation`);
    const { run, findings } = await result(id);
    // Everybody else writes customers while letters are written.
    expect([...new Set(held)]).toEqual(['free']);
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
    expect(run).toMatchObject({ state: 'failed', failures: 4n, companies: 4n, companies_total: 4n });
    expect(findings.filter(({ what }) => what === 'status')).toEqual([]);
    const visits = sql`select at from wall_visit where visited = any(${[one.id, other.id]}::uuid[]) and at >= ${run.started_at}`;
    expect(await portal.database.prisma.$queryRaw(visits)).toHaveLength(2);
    const visitor = await signIn(portal, admin);
    const { text } = await visitor.get('/admin/walls');
    expect(text).toContain('GET /leak');
    expect(text).toContain(one.name);
    expect(text).toContain('Not every company could be opened to the end');
    expect((await visitor.get('/metrics')).text).toMatch(/^walls_last_run_failures 4$/m);
  }, 300_000);

  test('the portal’s own companies stand in no list, hold nobody up, and are made once', async () => {
    await Promise.all([plant(portal.services), plant(portal.services)]);
    const watched = await portal.database.prisma.$queryRaw<{ name: string }[]>(
      sql`select name from company where watch`,
    );
    expect(watched).toHaveLength(2);
    const visitor = await signIn(portal, admin);
    const { text } = await visitor.get('/admin/companies');
    expect(text).toContain(one.name);
    expect(text).not.toContain('canary');
    expect((await visitor.get('/metrics')).text).toMatch(/^walls_leaks_total [1-9]/m);
  });
});
