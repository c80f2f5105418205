import { makeToken } from '../../src/auth/token.ts';
import * as consents from '../../src/consents/consents.ts';
import { remove } from '../../src/customers/customers.ts';
import * as duplicates from '../../src/duplicates/duplicates.ts';
import * as exports from '../../src/exports/exports.ts';
import * as identity from '../../src/identity/identity.ts';
import { ingestOrders, storeMessage } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { threadOf } from '../../src/messages/messages.ts';
import * as notices from '../../src/notices/notices.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { setRate } from '../../src/rates/rates.ts';
import * as senders from '../../src/senders/senders.ts';
import * as drafts from '../../src/sms/draft/draft.ts';
import { launch } from '../../src/sms/launch/launch.ts';
import { COLOURS } from '../../src/tags/tags.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { IdKind } from '../../src/web/context.ts';
import { bring, check } from '../imports/make.ts';
import { apiKey, joinCompany, makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';
import { makeObjection, publishReview, writeDispute, writeReply, writeReview } from '../moderation/make.ts';
import { makeReviews } from './reviews.ts';
import { makeShop, OLENA, type Shop } from './shop.ts';

export interface Everything extends Shop {
  /** owner of the shop and administrator of the portal */
  admin: TestUser;
  /** what a path may name */
  ids: Partial<Record<IdKind, string>>;
  invitation: string;
  /** what stands behind /u/ in somebody's message */
  stopLink: string;
  /** a conversation by SMS */
  talk: string;
  reset: string;
  /** the id of a key for all companies */
  portalKey: string;
}

/** A shop with one of everything that a page can show. */
export async function makeEverything(portal: TestApp): Promise<Everything> {
  const shop = await makeShop(portal);
  const { company, owner } = shop;
  const admin = await makeUser(portal, { company, admin: true, moderator: true, name: 'Olga Administrator' });
  await joinCompany(portal, admin, await makeCompany(portal, { plan: 'free' }));
  await makeUser(portal, { name: 'Kept Out' });
  await askWhetherTheSame(portal, company);
  const exported = await makeExports(portal, company, owner);
  const whoIsWho = await makeWhoIsWho(portal, company, shop.olena, admin);
  const { tag, bulk } = await makeTags(portal, company, shop.olena, shop.order);
  await portal.tenancy.inCompany(company, async (db) => {
    await notices.post(db, { userId: null, kind: 'export-failed', data: { path: '/exports' } });
  });
  await portal.tenancy.inPortal(async (db) => {
    await setRate(db, { from: 'USD', to: 'UAH', rate: '41.5', day: '2026-01-01' }, admin.id);
    await db.tables.user.updateMany({ where: { name: 'Kept Out' }, data: { disabledAt: new Date() } });
  });
  return {
    ...shop,
    admin,
    ids: {
      ...(await makeReviews(portal, company, owner, '+380671234567')),
      ...{ tag, bulk, segment: await makeSegments(portal, company, tag), ...whoIsWho },
      import: await makeImports(portal, company, owner),
      case: await makeCases(portal, owner),
      objection: (await makeObjection(portal)).id,
      ...(await makeCampaigns(portal, company, owner, shop.olena)),
      ...(await makeConsents(portal, company, owner)),
      ...{
        customer: shop.olena,
        deleted: await deleteOne(portal, company, owner),
        order: shop.order,
        export: exported,
        user: await makeColleague(portal, company),
        job: await makeJob(portal, company),
        company: company.id,
      },
      key: await keyOf(portal, company),
    },
    invitation: await invite(portal, company, owner),
    stopLink: await stopLinkOf(portal, company),
    talk: await writeSms(portal, company),
    reset: await resetOf(portal, owner),
    portalKey: await keyOf(portal, null),
  };
}

/** Somebody with a second factor who belongs to this company alone: an owner may take it away, an administrator end all sessions. */
async function makeColleague(portal: TestApp, company: Company): Promise<string> {
  const { id: userId } = await makeUser(portal, { company, role: 'manager', name: 'Mykola Colleague' });
  await portal.tenancy.inPortal(async ({ tables }) => {
    await tables.secondFactor.create({ data: { userId, secret: 'sealed', stamp: newId(), lastStep: 0n } });
    await tables.signIn.create({ data: { id: newId(), userId, browser: 'Firefox on Linux', address: '192.0.2.7' } });
  });
  return userId;
}

/** One that waits for tomorrow. */
const makeJob = ({ tenancy }: TestApp, company: Company): Promise<string> =>
  tenancy.inCompany(company, (db) => enqueue(db, 'duplicates.find', {}, new Date(Date.now() + 86_400_000)));

/** Questions of each reason, one put off; two merged and one kept apart; a shared contact, and one that is proposed. */
async function makeWhoIsWho({ tenancy, services }: TestApp, company: Company, olena: string, { id: userId }: TestUser) {
  const now = new Date();
  const at = new Date(now.getTime() - 3_600_000).toISOString();
  const person = (n: string, name: string, phone: string, emails: string[] = []) => ({
    ...{ externalId: `who-${n}`, placedAt: at, currency: 'UAH', total: '10.00' },
    customer: { name, phones: [phone], emails, region: 'Kyiv' },
  });
  const orders = [
    person('1', 'Olena Koval', '067 123 45 68'),
    person('2', 'Olena Koval', '063 555 66 77'),
    person('3', 'Olena Petrenko', '063 555 66 88', ['olena.petrenko@example.com']),
    ...['Ann', 'Ben', 'Cora', 'Dan', 'Eva', 'Finn'].map((name, n) => person(`c${n}`, name, '044 123 45 67')),
  ];
  const results = await ingestOrders(tenancy, company, orders, now);
  const [near, , petrenko] = results.map(({ customerId }) => customerId ?? '');
  await duplicates.findNear(services, company);
  return tenancy.inCompany(company, async (db) => {
    await identity.lock(db);
    const { stepId } = await identity.merge(db, { customerIds: [olena, petrenko ?? ''], userId });
    await identity.keepApart(db, { customerId: olena, otherId: near ?? '', userId });
    await identity.share(db, { contact: { kind: 'email', value: 'customer-40@example.com' }, userId });
    const [pair] = await db.query<{ id: string }>(
      sql`select id from duplicate where state = 'open' order by reason desc limit 1`,
    );
    await duplicates.postpone(db, pair?.id ?? '', userId);
    const [proposal] = await db.query<{ id: string }>(sql`select id from shared_proposal limit 1`);
    return { duplicate: pair?.id ?? '', decision: stepId, proposal: proposal?.id ?? '' };
  });
}

/** A number that agreed and was blocked, one that said STOP, a sender that was given to the company, and prices. */
async function makeConsents({ tenancy }: TestApp, company: Company, { id: userId }: TestUser) {
  const [known, stranger] = ['+380671234567', '+380671119999'];
  const suppression = await tenancy.inCompany(company, async (db) => {
    const addressKey = db.keyOfPhone(known);
    const word = { channel: 'sms' as const, addressKey, source: 'Checkout', wording: 'Send me offers by SMS' };
    await consents.record(db, [{ ...word, granted: false, at: new Date('2026-01-01') }], null);
    await consents.record(db, [{ ...word, granted: true, at: new Date('2026-02-01') }], userId);
    await consents.suppress(db, { addressKey, hint: '67', reason: 'hand', userId });
    await consents.suppress(db, { addressKey: db.keyOfPhone(stranger), hint: '99', reason: 'stop', userId: null });
    return addressKey;
  });
  const sender = await tenancy.inPortal(async (db) => {
    const address = 'MG0123456789abcdef0123456789abcdef';
    const id = await senders.addSender(db, { address, name: 'Messaging service', perSecond: 100 }, userId);
    await senders.giveSender(db, { id, address }, company.id, userId);
    await senders.addSender(db, { address: 'SHOP', name: '', perSecond: 1 }, userId);
    const prices = senders.readPrices('sms,UA,0.0521,EUR\nsms,PL,0.031,CHF\nviber,UA,0.62,UAH');
    if ('prices' in prices) await senders.setPrices(db, prices.prices, { replace: false, by: userId });
    return id;
  });
  return { suppression, sender };
}

/** A draft to everybody, and a campaign with a message in each state. */
async function makeCampaigns({ tenancy }: TestApp, company: Company, { id: userId }: TestUser, olena: string) {
  const text = { channel: 'viber', fallback: true, sender: null, scheduledAt: null, expiresAt: null } as const;
  return tenancy.inCompany(company, async (db) => {
    const make = (name: string, body: string, whom: drafts.Whom) =>
      drafts.create(db, { ...text, name, body, whom }, userId);
    const draft = await make('Black Friday', 'Hi {{first_name|friend}} — {{stop}}', { filter: '' });
    const campaign = await make('Autumn', 'Hi {{name}} {{stop}}', { filter: '' });
    await make('To Olena', 'Hi', { ids: [olena] });
    await launch(db, campaign, { userId, now: new Date(), publicUrl: 'http://localhost' });
    await db.execute(sql`
      update delivery d set state = 'claimed' from (select id, row_number() over (order by id) as n from delivery where state = 'planned') o
      where d.id = o.id and o.n <= 6`);
    await db.execute(sql`update delivery set state = 'calling', called_at = now() where state = 'claimed'`);
    const states = ['delivered', 'undelivered', 'failed', 'unknown', 'accepted'];
    await db.execute(sql`
      update delivery d set state = (${states}::text[])[o.n], error_code = case when o.n in (2, 3) then '30003' end
      from (select id, row_number() over (order by id) as n from delivery where state = 'calling') o where d.id = o.id and o.n <= 5`);
    return { draft, campaign };
  });
}

/** One case of each kind in the queue, and one decided; answers a review whose text has everything to be marked. */
async function makeCases(portal: TestApp, { id }: TestUser): Promise<string> {
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  const phone = '+380501234599';
  const published = await publishReview(portal, company, { phone, user, sentiment: 'positive' });
  await writeReply(portal, published);
  await writeDispute(portal, published, { text: 'No such thing.\nI have the receipts.' });
  const text = 'Call +380 67 123 45 67, see https://example.com/x, what an idiot, or write to a@example.com';
  const { caseId } = await writeReview(portal, await makeCompany(portal), { phone, user, text });
  await portal.database.prisma.$executeRaw(
    sql`update moderation_case set decided_by = ${id}::uuid where decision is not null`,
  );
  return caseId;
}

/** One with brackets, one that overlaps the presets, one that was deleted, and a preset that was changed; answers the first. */
async function makeSegments({ tenancy }: TestApp, { id: companyId }: Company, tag: string): Promise<string> {
  const company = await tenancy.companyOfJob({ companyId });
  if (!company) throw new Error('There is no company');
  const where = (...parts: string[]) => new URLSearchParams(parts.map((part): [string, string] => ['where', part]));
  const rows = [
    {
      name: 'Women who buy often',
      filter: where('gender:is:female', `any(orders:gte:3,all(tag:is:${tag},reviews:gte:1))`),
    },
    { name: 'Asleep', filter: where('activity:before:1m') },
    { name: 'Deleted', filter: where('none(region:is:Kyiv)'), deletedAt: new Date() },
    { name: 'New', key: 'new', filter: where('activity:within:1m', 'activities:eq:1') },
  ];
  const data = rows.map((row) => ({ companyId, id: newId(), ...row, filter: row.filter.toString() }));
  await tenancy.inCompany(company, ({ tables }) => tables.segment.createMany({ data }));
  return data[0]?.id ?? '';
}

/** An order that names two customers, in a company that wants to be asked about that. */
async function askWhetherTheSame({ tenancy, database }: TestApp, company: Company): Promise<void> {
  await database.prisma.$executeRaw(sql`update company set identity = 'ask' where id = ${company.id}::uuid`);
  const asking = await tenancy.companyOfJob({ companyId: company.id });
  const customer = { phones: OLENA.phones, emails: ['customer-44@example.com'] };
  const order = { externalId: 'both', placedAt: new Date().toISOString(), currency: 'UAH', total: '5.00', customer };
  if (asking) await ingestOrders(tenancy, asking, [order], new Date());
}

/** Tags in every colour; one has been put on everybody. */
async function makeTags({ tenancy }: TestApp, company: Company, customerId: string, orderId: string) {
  const [companyId, tag, bulk] = [company.id, newId(), newId()];
  await tenancy.inCompany(company, async ({ tables }) => {
    for (const [at, colour] of COLOURS.entries()) {
      const id = at === 0 ? tag : newId();
      await tables.tag.create({ data: { companyId, id, name: `Tag ${colour}`, nameFolded: `tag ${colour}`, colour } });
      if (at < 4) await tables.customerTag.create({ data: { companyId, customerId, tagId: id } });
      if (at < 2) await tables.orderTag.create({ data: { companyId, orderId, tagId: id } });
    }
    const common = { companyId, action: 'tag', tagId: tag, tagName: 'Tag blue', askedAt: new Date(), total: 45n };
    await tables.bulk.create({ data: { ...common, id: bulk, state: 'running', seen: 20n, changed: 12n } });
    for (const state of ['queued', 'done', 'failed', 'cancelled', 'undoing', 'undone']) {
      const finishedAt = ['queued', 'undoing'].includes(state) ? null : new Date();
      await tables.bulk.create({
        data: { ...common, id: newId(), state, seen: 45n, changed: 30n, undone: 10n, finishedAt },
      });
    }
  });
  return { tag, bulk };
}

/** One whose columns are to be chosen, one that waits, and one that was checked, which is answered. */
async function makeImports(portal: TestApp, company: Company, { id }: TestUser): Promise<string> {
  const text = 'Name,Phone,E-mail,Note\nIvan,0671234599,ivan@example.com,Likes tea\nNobody,,,\nMaria,12,,\n';
  await bring(portal, company, id, text, 'to choose.csv');
  const checked = await bring(portal, company, id, text, 'checked.csv');
  await check(portal, company, checked);
  return checked;
}

/** A customer who was deleted and can be brought back. */
async function deleteOne({ tenancy }: TestApp, company: Company, { id: userId }: TestUser): Promise<string> {
  const customer = { name: 'Deleted Person', emails: ['deleted@example.com'] };
  const order = { externalId: 'deleted', placedAt: new Date().toISOString(), currency: 'UAH', total: '1.00', customer };
  const [result] = await ingestOrders(tenancy, company, [order], new Date());
  const id = result?.customerId ?? '';
  await tenancy.inCompany(company, (db) => remove(db, [id], userId));
  return id;
}

/** One in each state; answers the one that is ready. */
async function makeExports(portal: TestApp, company: Company, owner: TestUser): Promise<string> {
  const ids: string[] = [];
  for (const format of ['xlsx', 'csv'] as const) ids.push(await ask(portal, company, owner, format));
  await portal.runJobs();
  const [ready = '', failed = ''] = ids;
  const running = await ask(portal, company, owner, 'csv');
  await ask(portal, company, owner, 'xlsx');
  await portal.database.prisma.$executeRaw(
    sql`update export set state = 'failed', error = 'full' where id = ${failed}::uuid`,
  );
  await portal.database.prisma.$executeRaw(
    sql`update export set state = 'running', rows_total = 45, rows_done = 20 where id = ${running}::uuid`,
  );
  return ready;
}

async function ask({ tenancy }: TestApp, company: Company, { id: userId }: TestUser, format: 'xlsx' | 'csv') {
  const filter = 'where=gender%3Ais%3Afemale';
  const id = await tenancy.inCompany(company, (db) => exports.request(db, { userId, locale: 'en', format, filter }));
  if (!id) throw new Error('There are too many unfinished exports');
  return id;
}

async function keyOf(portal: TestApp, company: Company | null): Promise<string> {
  await apiKey(portal, company);
  const where = { companyId: company?.id ?? null };
  return (await portal.tenancy.inPortal(({ tables }) => tables.apiKey.findFirstOrThrow({ where }))).id;
}

async function stopLinkOf({ database }: TestApp, { id }: Company): Promise<string> {
  const [row] = await database.prisma.$queryRaw<{ number: bigint; code: string }[]>(sql`
    select c.number, d.code from delivery d join company c on c.id = d.company_id
    where d.company_id = ${id}::uuid and d.code is not null order by d.id limit 1`);
  return `${row?.number.toString(36)}.${row?.code}`;
}

/** The customer at whom is looked has written by SMS, and was answered. */
async function writeSms({ tenancy }: TestApp, company: Company): Promise<string> {
  const now = new Date();
  return tenancy.inCompany(company, async (db) => {
    const threadId = threadOf({ channel: 'sms', addressKey: db.keyOfPhone('+380671234567'), sender: null });
    const said = { threadId, sentAt: now.toISOString(), customer: OLENA, channel: 'sms' };
    await storeMessage(db, { ...said, externalId: 'sms-1', text: 'When will it come?' }, now);
    await storeMessage(db, { ...said, externalId: 'sms-2', direction: 'out', text: 'Tomorrow.' }, now);
    return `t:${threadId}`;
  });
}

/** The token of an invitation that nobody has accepted. */
async function invite({ tenancy }: TestApp, company: Company, { id: invitedBy }: TestUser): Promise<string> {
  const { token, hash } = makeToken();
  const data = {
    companyId: company.id,
    id: newId(),
    email: 'new@example.com',
    role: 'viewer',
    tokenHash: hash,
    invitedBy,
  };
  await tenancy.inCompany(company, ({ tables }) =>
    tables.invitation.create({ data: { ...data, expiresAt: tomorrow() } }),
  );
  return token;
}

async function resetOf({ tenancy }: TestApp, { id: userId }: TestUser): Promise<string> {
  const { token, hash } = makeToken();
  await tenancy.inPortal(({ tables }) =>
    tables.passwordReset.create({ data: { tokenHash: hash, userId, expiresAt: tomorrow() } }),
  );
  return token;
}

const tomorrow = () => new Date(Date.now() + 86_400_000);
