import { suppress } from '../../src/consents/consents.ts';
import { remove } from '../../src/customers/customers.ts';
import { recompute } from '../../src/identity/identity.ts';
import { ingestFeedback, ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { routes } from '../../src/routes.ts';
import * as senders from '../../src/senders/senders.ts';
import * as drafts from '../../src/sms/draft/draft.ts';
import { launch } from '../../src/sms/launch/launch.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { IdKind, Route } from '../../src/web/context.ts';
import { bring, check } from '../imports/make.ts';
import { apiKey, makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, type Visitor } from '../make.ts';
import { makeObjection, publishReview, writeReview } from '../moderation/make.ts';

/** Texts that stand in everything of company B and nowhere else: none may ever reach company A. */
export const CANARIES = [
  'Kanarienvogel',
  'canary-b@example.com',
  '671112233',
  'canary-b-order',
  'canary-company-b',
  'Canary Owner',
];

export interface World {
  portal: TestApp;
  a: Company;
  b: Company;
  owner: Visitor;
  viewer: Visitor;
  nobody: Visitor;
  /** ids of rows of B, by what a path may name; for `token` there is none to compare */
  idsOfB: Record<Exclude<IdKind, 'token'>, string>;
  close(): Promise<void>;
}

/** Company A, which asks, and company B, which has one row of everything; in a portal that has neither. */
export async function makeWorld(given?: TestApp): Promise<World> {
  const portal = given ?? (await makeApp());
  const a = await makeCompany(portal, { slug: 'ours', name: 'Ours' });
  const b = await makeCompany(portal, { slug: 'theirs', name: 'canary-company-b' });
  const ownerOfB = await makeUser(portal, { company: b, name: 'Canary Owner' });
  await fill(portal, a, { name: 'Our Own', phone: '067 999 88 77', email: 'ours@example.com', order: 'our-order' });
  await fill(portal, b, {
    name: 'Kanarienvogel',
    phone: '067 111 22 33',
    email: CANARIES[1] as string,
    order: CANARIES[3] as string,
  });
  return {
    portal,
    a,
    b,
    owner: await signIn(portal, await makeUser(portal, { company: a })),
    viewer: await signIn(portal, await makeUser(portal, { company: a, role: 'viewer' })),
    nobody: await signIn(portal, await makeUser(portal)),
    idsOfB: await idsOf(portal, b, ownerOfB),
    close: () => portal.close(),
  };
}

async function fill(
  portal: TestApp,
  company: Company,
  person: { name: string; phone: string; email: string; order: string },
) {
  const now = new Date();
  const [at, customer] = [
    new Date(now.getTime() - 60_000).toISOString(),
    { name: person.name, phones: [person.phone], emails: [person.email] },
  ];
  const order = { externalId: person.order, placedAt: at, currency: 'UAH', total: '10.00', customer };
  await ingestOrders(portal.tenancy, company, [order], now);
  await ingestMessages(portal.tenancy, company, [{ externalId: 'm', sentAt: at, customer, text: person.name }], now);
  await ingestFeedback(
    portal.tenancy,
    company,
    [{ externalId: 'f', writtenAt: at, customer, rating: 1, text: person.name }],
    now,
  );
}

async function idsOf(portal: TestApp, b: Company, owner: TestUser): Promise<World['idsOfB']> {
  const [exported, notice, invitation, segment] = [newId(), newId(), newId(), newId()];
  const signedIn = newId();
  await portal.tenancy.inPortal(({ tables }) =>
    tables.signIn.create({ data: { id: signedIn, userId: owner.id, browser: 'Kanarienvogel', address: '192.0.2.1' } }),
  );
  await apiKey(portal, b);
  await portal.tenancy.inCompany(b, async ({ tables }) => {
    const done = {
      state: 'done',
      fileKey: 'none',
      size: 1n,
      sha256: 'x',
      finishedAt: new Date(),
      expiresAt: new Date(Date.now() + 1e9),
    };
    await tables.export.create({
      data: { companyId: b.id, id: exported, userId: owner.id, format: 'csv', filter: 'q=Kanarienvogel', ...done },
    });
    await tables.notice.create({
      data: { companyId: b.id, id: notice, kind: 'export.done', data: { exportId: exported } },
    });
    const invited = {
      email: 'canary-b@example.com',
      role: 'viewer',
      tokenHash: newId(),
      expiresAt: new Date(Date.now() + 1e9),
    };
    await tables.invitation.create({ data: { companyId: b.id, id: invitation, ...invited } });
    await tables.segment.create({
      data: { companyId: b.id, id: segment, name: 'Kanarienvogel', filter: 'where=orders%3Agte%3A1' },
    });
  });
  const one = async (kind: string) =>
    (
      await portal.tenancy.inCompany(b, (db) =>
        db.query<{ id: string }>(sql`select id from arrival where kind = ${kind}`),
      )
    )[0]?.id ?? '';
  const [customer] = await portal.tenancy.inCompany(b, (db) =>
    db.query<{ id: string }>(sql`select id from customer where listed order by id`),
  );
  const key = await portal.tenancy.inPortal(({ tables }) => tables.apiKey.findFirst({ where: { companyId: b.id } }));
  const { tag, bulk } = await tagAll(portal, b, customer?.id ?? '', await one('order'));
  const whoIsWho = await askWhoIsWho(portal, b, customer?.id ?? '');
  const waiting = await writeReview(portal, b, { phone: '+380671112233', user: owner, text: 'Kanarienvogel' });
  const third = await makeCompany(portal, { slug: 'third', name: 'Kanarienvogel third' });
  const ofThird = await publishReview(portal, third, { phone: '+380671112233', text: 'Kanarienvogel' });
  const brought = await bring(portal, b, owner.id, 'Name,Phone\nKanarienvogel,0671112233\n', 'Kanarienvogel.csv');
  await check(portal, b, brought);
  return {
    tag,
    bulk,
    signIn: signedIn,
    import: brought,
    ...whoIsWho,
    review: ofThird.reviewId,
    ownReview: waiting.reviewId,
    case: waiting.caseId,
    objection: (await makeObjection(portal, '+380671112244', 'Kanarienvogel')).id,
    ...(await makeCampaigns(portal, b, owner, customer?.id ?? '')),
    customer: customer?.id ?? '',
    deleted: await deleteOne(portal, b, owner),
    order: await one('order'),
    message: await one('message'),
    feedback: await one('feedback'),
    export: exported,
    segment,
    notice,
    user: owner.id,
    invitation,
    key: key?.id ?? '',
    company: b.id,
    sender: await giveSender(portal, b),
    suppression: await silence(portal, b),
    slug: b.slug,
    job: await jobOf(portal, b),
  };
}

/** A question whether two customers are one, the answer to another, and a contact that seems to be many people's. */
async function askWhoIsWho({ tenancy }: TestApp, b: Company, customerId: string) {
  const [companyId, duplicate, decision, proposal, otherId] = [b.id, newId(), newId(), newId(), newId()];
  await tenancy.inCompany(b, async (db) => {
    const { tables } = db;
    await db.execute(sql`
      insert into customer (company_id, id, name, name_folded, typed) values (${companyId}::uuid, ${otherId}::uuid, 'Kanarienvogel', 'kanarienvogel', true)`);
    await recompute(db, [otherId]);
    await tables.duplicate.create({ data: { companyId, id: duplicate, customerId, otherId, reason: 'name' } });
    const decided = { kind: 'apart', customerId, otherId, decidedBy: null };
    await tables.decision.create({ data: { companyId, id: newId(), stepId: decision, ...decided } });
    const contact = { kind: 'email', value: 'canary-b@example.com', names: 7n };
    await tables.sharedProposal.create({ data: { companyId, id: proposal, ...contact } });
  });
  return { duplicate, decision, proposal };
}

/** A tag on the customer and on the order, and the bulk that put it there. */
async function tagAll({ tenancy }: TestApp, b: Company, customerId: string, orderId: string) {
  const [companyId, tag, bulk] = [b.id, newId(), newId()];
  await tenancy.inCompany(b, async ({ tables }) => {
    await tables.tag.create({ data: { companyId, id: tag, name: 'Kanarienvogel', nameFolded: 'kanarienvogel' } });
    await tables.customerTag.create({ data: { companyId, customerId, tagId: tag } });
    await tables.orderTag.create({ data: { companyId, orderId, tagId: tag } });
    const asked = { action: 'tag', tagId: tag, tagName: 'Kanarienvogel', state: 'done', askedAt: new Date() };
    await tables.bulk.create({ data: { companyId, id: bulk, ...asked, changed: 1n, finishedAt: new Date() } });
    await tables.bulkChange.create({ data: { companyId, bulkId: bulk, customerId } });
  });
  return { tag, bulk };
}

/** A draft, and a campaign that is on its way. */
async function makeCampaigns({ tenancy }: TestApp, b: Company, { id: userId }: TestUser, customerId: string) {
  const text = {
    channel: 'sms',
    fallback: false,
    sender: null,
    body: 'Kanarienvogel',
    scheduledAt: null,
    expiresAt: null,
  } as const;
  return tenancy.inCompany(b, async (db) => {
    const make = (name: string) => drafts.create(db, { ...text, name, whom: { ids: [customerId] } }, userId);
    const [draft, campaign] = [await make('Kanarienvogel'), await make('canary-b-order')];
    await launch(db, campaign, { userId, now: new Date(), publicUrl: 'http://localhost' });
    return { draft, campaign };
  });
}

/** A customer of B that was deleted and can be brought back. */
async function deleteOne({ tenancy }: TestApp, b: Company, { id: userId }: TestUser): Promise<string> {
  const customer = { name: 'Kanarienvogel the Second', emails: ['second-canary-b@example.com'] };
  const order = { externalId: 'second', placedAt: new Date().toISOString(), currency: 'UAH', total: '1.00', customer };
  const [result] = await ingestOrders(tenancy, b, [order], new Date());
  const id = result?.customerId ?? '';
  await tenancy.inCompany(b, (db) => remove(db, [id], userId));
  return id;
}

/** Everything of B, as B sees it and as the portal does: what A did may not have changed a letter. */
export async function everythingOfB({ portal, b }: World): Promise<string> {
  const { rows } = await portal.database.pool.query<{ table_name: string }>(`
    select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'company_id' and t.table_type = 'BASE TABLE' order by 1`);
  const parts: string[] = [];
  for (const { table_name: table } of rows) {
    for (const role of ['clientele_company', 'clientele_portal']) parts.push(await dump(portal, b, table, role));
  }
  return parts.join('\n');
}

async function dump({ database }: TestApp, { id }: Company, table: string, role: string): Promise<string> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('role', $1, true), set_config('app.company_id', $2, true)`, [role, id]);
    const text = `select coalesce(string_agg(t::text, E'\n' order by t::text), '') as all from ${table} t where company_id = $1`;
    const { rows } = await client.query<{ all: string }>(text, [id]).catch(() => ({ rows: [{ all: 'no right' }] }));
    return `${table} as ${role}: ${rows[0]?.all}`;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** The path with each parameter replaced. */
export function pathOf(route: Route, value: (kind: IdKind, name: string) => string): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const kind = route.ids?.[name];
    if (!kind) throw new Error(`${route.method} ${route.path}: what :${name} names is not declared`);
    return value(kind, name);
  });
}

export const isApi = (route: Route) => route.permission.startsWith('api:');
export const nameOf = (route: Route) => `${route.method} ${route.path}`;
export const pages = routes.filter((route) => !isApi(route));
export const calls = routes.filter(isApi);

const giveSender = ({ tenancy }: TestApp, b: Company) =>
  tenancy.inPortal(async (db) => {
    const address = '+380671112299';
    const id = await senders.addSender(db, { address, name: 'Kanarienvogel', perSecond: 1 }, null);
    await senders.giveSender(db, { id, address }, b.id, null);
    return id;
  });

const jobOf = ({ tenancy }: TestApp, b: Company) =>
  tenancy.inCompany(b, (db) => enqueue(db, 'duplicates.find', {}, new Date(Date.now() + 1e9)));

const silence = ({ tenancy }: TestApp, b: Company) =>
  tenancy.inCompany(b, async (db) => {
    const addressKey = db.keyOfPhone('+380671112233');
    await suppress(db, { addressKey, hint: '33', reason: 'stop', userId: null });
    return addressKey;
  });
