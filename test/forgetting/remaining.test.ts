import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { openZip } from '../../src/imports/read/zip.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { masked } from '../../src/platform/mask.ts';
import { openQueue } from '../../src/platform/queue.ts';
import { twilioSignature } from '../../src/sms/webhooks/signature.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { publish } from '../about/make.ts';
import * as bulk from '../bulk/make.ts';
import { edit } from '../customers/edit/form.ts';
import { bring, check, importFile, importRow } from '../imports/make.ts';
import { apiKey, makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, type Visitor } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { redisUrl } from '../setup/redis.ts';
import { type Standin, startStandin } from '../standin/twilio.ts';
import { placesOf } from './places.ts';

const NAME = 'Zenobia Quarrington';
const EMAIL = 'zenobia@unmistakable.example';
const PHONE = '+380507770123';
const LOCAL = '050 777 01 23';
const ACCOUNT = 'account-of-zenobia';
const TEXTS = [NAME, 'Quarrington', 'zenobia', PHONE, LOCAL, '0507770123', '507770123', ACCOUNT, 'Unmistakable street'];
const FROM = '+15005550006';

let portal: TestApp;
let standin: Standin;
let company: Company;
let user: TestUser;
let owner: Visitor;
let customerId: string;
const file = (note: string) =>
  `Name,Phone,E-mail,Note\n${NAME},${LOCAL},${EMAIL},${note}\nSomebody Else,0671110000,,\n`;

beforeAll(async () => {
  standin = await startStandin({ token: 'token' });
  const twilio = { TWILIO_API_URL: standin.url, TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token' };
  portal = await makeApp({ REDIS_URL: redisUrl(), ...twilio, TWILIO_FROM: FROM });
  company = await makeCompany(portal);
  await portal.database.prisma.$executeRaw(sql`update company set quiet_hours = null, sms_cap = 0`);
  user = await makeUser(portal, { company });
  owner = await signIn(portal, user);
  customerId = await plant();
});
afterAll(async () => {
  await portal.close();
  await standin.close();
});

const api = async (method: 'post' | 'get', path: string, body?: object) =>
  request(portal.app)
    [method](`/api/v1/companies/${company.slug}${path}`)
    .auth(await apiKey(portal, company, ['ingest', 'read', 'consents', 'send']), { type: 'bearer' })
    .send(body);

/** Somebody unmistakable, by every way in that the product has. */
async function plant(): Promise<string> {
  const at = new Date(Date.now() - 60_000).toISOString();
  const customer = { accountId: ACCOUNT, name: NAME, phones: [LOCAL], emails: [EMAIL], region: 'Quarrington Moor' };
  const order = (externalId: string, who: object) => ({
    ...{ externalId, placedAt: at, currency: 'UAH', total: '10.00', customer: who },
    delivery: { method: 'courier', address: 'Unmistakable street 1' },
  });
  const before = order('e-1', { name: NAME, emails: [EMAIL] });
  await api('post', '/orders', { orders: [before, order('e-2', { name: NAME, phones: [LOCAL] })] });
  const answer = await api('post', '/orders', { orders: [order('e-3', customer)] });
  const id = String(answer.body.results[0].customerId);
  await api('post', '/messages', { messages: [{ externalId: 'm', sentAt: at, customer, text: `I am ${NAME}` }] });
  await api('post', '/feedback', {
    feedback: [{ externalId: 'f', writtenAt: at, customer, rating: 2, text: `${NAME} ${LOCAL}` }],
  });
  await api('post', '/consents', {
    consents: [{ phone: PHONE, channel: 'sms', granted: true, at, source: 'checkout', wording: 'Yes' }],
  });
  await edit(owner, id, { note: `Call ${NAME} at ${LOCAL}`, otherChannels: `@zenobia_quarrington` });
  await importFile(portal, company, user.id, file('done'));
  await bring(portal, company, user.id, file('uploaded'), `${NAME}.csv`);
  await check(portal, company, await bring(portal, company, user.id, file('checked')));
  await api('post', '/campaigns', {
    externalId: 'all',
    name: 'All',
    text: 'Hello {{name}}',
    segment: 'all',
    launch: true,
  });
  await api('post', '/campaigns', {
    externalId: 'one',
    name: `For ${NAME}`,
    text: `Dear ${NAME}`,
    customers: [id],
    launch: true,
  });
  await portal.runJobs();
  await publish(portal, company, PHONE, { text: `${NAME} did not come` });
  for (const filter of ['', `q=${encodeURIComponent(LOCAL)}`, `q=${encodeURIComponent(`${NAME} ${LOCAL}`)}`]) {
    await owner.post('/exports', { format: 'xlsx', filter });
    await portal.runJobs();
  }
  await bulk.ask(portal, company, { filter: `q=${encodeURIComponent(EMAIL)}`, userId: user.id });
  await owner.get(`/customers/${id}/copy`);
  await owner.post(`/customers/${id}/copy`);
  await portal.runJobs();
  const job = sql`insert into job (id, company_id, name, due_at, last_error)
                  values (${newId()}::uuid, ${company.id}::uuid, 'bulk.run', 'infinity', ${`Key (kind, value)=(phone, ${PHONE}) already exists`})`;
  await portal.database.prisma.$executeRaw(job);
  return id;
}

test('everything about a customer comes as one file that the owner alone may ask for', async () => {
  const [row] = await portal.database.prisma.$queryRaw<{ id: string; state: string }[]>(
    sql`select id, state from export where customer_id = ${customerId}::uuid`,
  );
  expect(row?.state).toBe('done');
  const manager = await signIn(portal, await makeUser(portal, { company, role: 'manager' }));
  expect((await manager.get(`/customers/${customerId}/copy`)).status).toBe(403);
  const taken = await owner.agent.get(`/exports/${row?.id}/file`).buffer(true).parse(collect);
  expect(taken.headers['content-type']).toBe('application/zip');
  const content = await unpack(taken.body as Buffer);
  const json = JSON.parse(content['customer.json'] ?? '');
  expect(json.orders).toHaveLength(3);
  for (const section of [
    'contacts',
    'messages',
    'feedback',
    'imported',
    'consents',
    'sent',
    'reviews',
    'history',
    'merges',
    'bulks',
    'exported',
  ])
    expect([section, json[section].length]).not.toEqual([section, 0]);
  for (const text of [NAME, EMAIL, PHONE, 'Unmistakable street 1', 'did not come'])
    expect([text, content['customer.json']?.includes(text), content['customer.html']?.includes(text)]).toEqual([
      text,
      true,
      true,
    ]);
});

test('C-13 after an erasure nothing names the person: no table, no file, no key of Redis, no payload of a queue', async () => {
  const planted = await placesOf(portal, TEXTS, redisUrl());
  for (const place of [
    'contact',
    'arrival',
    'evidence',
    'message',
    'feedback',
    'customer_change',
    'import',
    'import_row',
    'delivery',
    'campaign',
    'review',
    'review_revision',
    'export',
    'bulk',
    'audit_entry',
    'job',
    'customer_search',
    'customer_merge',
  ])
    expect([place, planted.some((each) => each.startsWith(`public.${place}:`))]).toEqual([place, true]);
  expect(planted.filter((each) => each.includes('/exports/')).length).toBeGreaterThan(2);
  expect(planted.filter((each) => each.includes('/imports/')).length).toBeGreaterThan(1);
  expect(await write(PHONE, `It is ${NAME}`)).toBe(200);
  expect(await write(PHONE, 'STOP')).toBe(200);

  await owner.get(`/customers/${customerId}/deletion`);
  expect((await owner.post(`/customers/${customerId}/deletion`)).status).toBe(303);
  await owner.get(`/customers/${customerId}/erasure`);
  expect((await owner.post(`/customers/${customerId}/erasure`)).status).toBe(303);
  await owner.get('/customers/deleted');
  await wakeAll();
  await portal.runJobs();
  const failed = sql`select name, last_error from job where name = 'customer.forget'`;
  expect(await portal.database.prisma.$queryRaw(failed)).toEqual([]);

  expect(await placesOf(portal, TEXTS, redisUrl())).toEqual([]);
  const keyed = (await placesOf(portal, [keyOfPhone(PHONE)], redisUrl())).map((each) => each.split(':')[0]);
  // What is left for good: that the number gets nothing, that it was erased, and the journal of both.
  expect([...new Set(keyed.map((place) => String(place).replace(/[0-9a-f-]{36}$/, '…')))]).toEqual([
    '/files/journal/…',
    'public.erasure',
    'public.suppression',
  ]);
});

test('a file that waits and names an erased person is thrown away, with a word to who brought it; rows that were checked go on without them', async () => {
  const [gone] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
    sql`select id from import where state = 'cancelled'`,
  );
  expect((await importRow(portal, company, String(gone?.id))).file_key).toBeNull();
  const notices = (await owner.get('/notices')).text;
  expect(notices).toContain('names somebody who was erased meanwhile');
  const [checked] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
    sql`select id from import where state = 'checked'`,
  );
  await owner.get(`/imports/${checked?.id}/run`);
  expect((await owner.post(`/imports/${checked?.id}/run`)).status).toBe(303);
  await portal.runJobs();
  expect(await placesOf(portal, TEXTS, redisUrl())).toEqual([]);
  expect((await api('get', '/customers?q=Somebody')).body.total).toBe(1);
});

test.each([
  [`{"err":{"detail":"Key (kind, value)=(phone, ${PHONE}) already exists."}}`],
  [`{"err":{"detail":"Failing row contains (1, ${NAME}, 0507770123)."}}`],
  [`{"msg":"${EMAIL} did not take it"}`],
  [`{"msg":"no answer about +38 050 777 01 23"}`],
  [`{"url":"/customers?q=%2B380507770123"}`],
])('a line of the log names nobody: %s', (line) => {
  for (const text of [NAME, EMAIL, '0507770123', '777']) expect(masked(line)).not.toContain(text);
});

/** Both kinds of queue have a word of every job, as after a commit. */
async function wakeAll(): Promise<void> {
  const jobs = await portal.database.prisma.$queryRaw<{ id: string }[]>(sql`select id from job where due_at <= now()`);
  expect(jobs.length).toBeGreaterThan(0);
  const databaseUrl = portal.services.config.databaseUrl ?? '';
  for (const url of [redisUrl(), undefined]) {
    const queue = await openQueue({ databaseUrl, redisUrl: url, name: `remaining-${newId()}` });
    for (const { id } of jobs) queue.wake(id);
    await queue.close();
  }
}

/** Somebody writes to us, as Twilio tells it. */
async function write(from: string, body: string): Promise<number> {
  const path = '/webhooks/twilio/inbound';
  const form = new URLSearchParams({
    From: from,
    To: FROM,
    Body: body,
    MessageSid: `SM${newId().replaceAll('-', '')}`,
  });
  const signature = twilioSignature('token', `${portal.services.config.publicUrl}${path}`, form);
  const answer = await request(portal.app)
    .post(path)
    .type('form')
    .set('X-Twilio-Signature', signature)
    .send(form.toString());
  return answer.status;
}

function collect(res: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const parts: Buffer[] = [];
  res.on('data', (part: Buffer) => parts.push(part));
  res.on('end', () => done(null, Buffer.concat(parts)));
}

async function unpack(bytes: Buffer): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const { name, bytes: read } of openZip(bytes).values()) {
    const parts: Uint8Array[] = [];
    for await (const part of read(10_000_000)) parts.push(part);
    content[name] = Buffer.concat(parts).toString('utf8');
  }
  return content;
}
