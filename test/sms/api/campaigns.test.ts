import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { suppress } from '../../../src/consents/consents.ts';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { Client, problemOf } from '../../api/client.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { customersOf, mobile, NOON } from '../audience/make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp({ PUBLIC_URL: 'https://portal.example' });
  portal.setNow(NOON);
});
afterAll(() => portal.close());

async function sender(wishes: Parameters<typeof makeCompany>[1] = {}): Promise<{ company: Company; client: Client }> {
  const company = await makeCompany(portal, wishes);
  return { company, client: new Client(portal, await apiKey(portal, company, ['send']), company) };
}

const texts = async (company: Company) =>
  (
    await portal.database.prisma.$queryRaw<{ body: string }[]>(
      sql`select body from delivery where company_id = ${company.id}::uuid and state <> 'skipped' order by body collate "C"`,
    )
  ).map(({ body }) => body);

const campaigns = async (company: Company) =>
  portal.database.prisma.$queryRaw<{ state: string; filter: string }[]>(
    sql`select state, filter from campaign where company_id = ${company.id}::uuid`,
  );

const wish = (more: object = {}) => ({
  externalId: newId(),
  name: 'Sale',
  text: 'Hi {{name|friend}}',
  launch: true,
  ...more,
});

describe('P-02 a program sends to a group', () => {
  test('it freezes who gets what and says how many; the same again answers the first, and sends nothing', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [
      { name: 'Olena', phones: [mobile(1)] },
      { phones: [mobile(2)] },
      { name: 'Stopped', phones: [mobile(3)] },
      { name: 'Silent' },
    ]);
    await portal.tenancy.inCompany(company, (db) =>
      suppress(db, { addressKey: keyOfPhone(mobile(3)), hint: '03', reason: 'stop', userId: null }),
    );
    const campaign = wish({ segment: 'all' });
    const first = await client.post('campaigns', campaign);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'sending',
      same: true,
      recipients: 2,
      skipped: { stop: 1, noPhone: 1 },
      parts: 2,
    });
    expect(await texts(company)).toEqual(['Hi Olena', 'Hi friend']);
    const again = await client.post('campaigns', { ...campaign, text: 'Another text' });
    expect([again.status, again.body]).toEqual([200, { ...first.body, same: false }]);
    await portal.runJobs();
    const later = await client.post('campaigns', campaign);
    expect([later.status, later.body]).toEqual([200, { ...first.body, status: 'finished' }]);
    expect(await texts(company)).toEqual(['Hi Olena', 'Hi friend']);
    const found = await client.get(`campaigns/${first.body.id}`);
    expect(found.body).toEqual({
      id: first.body.id,
      status: 'finished',
      counts: {
        planned: 0,
        claimed: 0,
        calling: 0,
        accepted: 2,
        delivered: 0,
        undelivered: 0,
        failed: 0,
        skipped: 2,
        unknown: 0,
      },
    });
  });

  test('the same posted twice at once is one campaign', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const campaign = wish({ segment: 'all' });
    const answers = await Promise.all([1, 2, 3].map(() => client.post('campaigns', campaign)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await texts(company)).toHaveLength(1);
  });

  test('conditions, and customers by their ids, also one who was merged since', async () => {
    const { company, client } = await sender();
    const [kyiv, lviv, old] = await customersOf(portal, company, [
      { region: 'Kyiv', name: 'K', phones: [mobile(1)] },
      { region: 'Lviv', name: 'L', phones: [mobile(2)] },
      { name: 'Old' },
    ]);
    await portal.database.prisma.$executeRaw(
      sql`update customer set merged_into = ${lviv}::uuid, merged_at = now() where id = ${old}::uuid`,
    );
    const filtered = await client.post('campaigns', wish({ where: ['region:is:Kyiv', 'orders:gte:1'] }));
    expect([filtered.status, filtered.body.recipients]).toEqual([201, 1]);
    const named = await client.post('campaigns', wish({ customers: [kyiv, old, lviv] }));
    expect([named.status, named.body.recipients, named.body.skipped]).toEqual([201, 2, {}]);
    const other = { ...wish(), externalId: newId(), customers: [old, kyiv] };
    await client.post('campaigns', other);
    const same = async (ids: unknown) => (await client.post('campaigns', { ...other, customers: ids })).body.same;
    expect([await same([lviv, kyiv]), await same([kyiv]), await same([newId()])]).toEqual([true, false, false]);
    expect(await texts(company)).toEqual(['Hi K', 'Hi K', 'Hi K', 'Hi L', 'Hi L']);
  });

  test('without launch it is a draft with the figures of the moment', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const { launch: _, ...draft } = wish({ segment: 'loyal' });
    const made = await client.post('campaigns', { ...draft, segment: 'all' });
    const answer = { id: expect.any(String), status: 'draft', same: true, recipients: 1, skipped: {}, parts: 1 };
    expect([made.status, made.body]).toEqual([201, answer]);
    expect(await texts(company)).toEqual([]);
    expect((await client.get(`campaigns/${made.body.id}`)).body).toMatchObject({
      status: 'draft',
      counts: { planned: 0 },
    });
    // That it should be launched now is not what was posted first.
    const again = await client.post('campaigns', { ...draft, segment: 'all', launch: true });
    expect([again.status, again.body.same, await texts(company)]).toEqual([200, false, []]);
    expect((await client.post('campaigns', { ...draft, segment: 'all' })).body.same).toBe(true);
    expect((await client.post('campaigns', { ...draft, segment: 'loyal' })).body.same).toBe(false);
    expect((await client.post('campaigns', { ...draft, segment: undefined, where: ['orders:gte:1'] })).body.same).toBe(
      false,
    );
  });

  test('where nobody can be written to, the figures say why', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [{ name: 'Silent' }]);
    const answer = await client.post('campaigns', wish({ segment: 'all' }));
    expect([answer.status, answer.body]).toEqual([
      201,
      { id: expect.any(String), status: 'sending', same: true, recipients: 0, skipped: { noPhone: 1 }, parts: 0 },
    ]);
    await portal.runJobs();
    expect((await client.get(`campaigns/${answer.body.id}`)).body.status).toBe('finished');
  });

  test('at night it waits for the end of the company’s quiet hours', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    portal.setNow(new Date('2026-11-20T22:00:00+02:00'));
    const { body } = await client.post('campaigns', wish({ segment: 'all' }));
    portal.setNow(NOON);
    const [row] = await portal.database.prisma.$queryRaw<{ due_at: Date }[]>(
      sql`select due_at from delivery where campaign_id = ${body.id}::uuid`,
    );
    expect(row?.due_at).toEqual(new Date('2026-11-21T09:00:00+02:00'));
  });
});

describe('what is not valid is kept nowhere', () => {
  test.each([
    ['nobody is named', {}, 'segment'],
    ['two ways of naming', { segment: 'all', where: ['region:is:Kyiv'] }, 'segment'],
    ['an unknown segment', { segment: 'friends' }, 'segment'],
    ['an empty segment, which would be everybody', { segment: '' }, 'segment'],
    ['an unknown condition', { where: ['height:gt:2'] }, 'where'],
    ['an empty condition, which would be everybody', { where: [''] }, 'where'],
    ['a customer of nobody', { customers: [newId()] }, 'customers.0'],
    ['an unknown field of the text', { segment: 'all', text: 'Hi {{constructor}}' }, 'text'],
    ['braces that do not close', { segment: 'all', text: 'Hi {{name' }, 'text'],
    ['an empty text', { segment: 'all', text: ' ' }, 'text'],
    ['a text longer than any SMS', { segment: 'all', text: 'a'.repeat(1601) }, 'text'],
    ['no name', { segment: 'all', name: undefined }, 'name'],
    ['half of a sign', { segment: 'all', text: 'a\ud800' }, 'text'],
  ])('%s: 422', async (_what, more, path) => {
    const { company, client } = await sender();
    const answer = await client.post('campaigns', wish(more));
    expect([answer.status, answer.body]).toEqual([
      422,
      { ...problemOf(422), errors: expect.arrayContaining([{ path, message: expect.any(String) }]) },
    ]);
    expect(await campaigns(company)).toEqual([]);
  });

  test('it says which piece of the text is wrong, and what may stand there', async () => {
    const { client } = await sender();
    const { body } = await client.post('campaigns', wish({ segment: 'all', text: 'Hi {{firstname}}, {{stop}}' }));
    expect(body.errors[0].message).toContain('“{{firstname}}”');
    expect(body.errors[0].message).toContain('{{name}}, {{first_name}}, {{company}}');
    const open = await client.post('campaigns', wish({ segment: 'all', text: 'Hi {{name' }));
    expect(open.body.errors[0].message).toContain('“{{name”');
  });

  test('an unknown field at the top, and what is no object: 400', async () => {
    const { client } = await sender();
    for (const body of [wish({ segment: 'all', scheduled: 'now' }), [], 'text', null]) {
      expect((await client.post('campaigns', body)).status).toBe(400);
    }
  });

  test('beyond the month’s budget it is refused, with what is left of it', async () => {
    const { company, client } = await sender();
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 1000000, 'UAH')
      on conflict (channel, country) do update set price_micros = 1000000, currency = 'UAH'`);
    await portal.database.prisma.$executeRaw(sql`update company set sms_budget = 150 where id = ${company.id}::uuid`);
    const answer = await client.post('campaigns', wish({ segment: 'all' }));
    expect([answer.status, answer.body.detail]).toEqual([
      422,
      expect.stringContaining('It may cost 2.00 UAH, and 1.50 UAH are left.'),
    ]);
    expect(await campaigns(company)).toEqual([]);
    await portal.database.prisma.$executeRaw(sql`update company set sms_budget = 200 where id = ${company.id}::uuid`);
    expect((await client.post('campaigns', wish({ segment: 'all' }))).status).toBe(201);
  });

  test('P-05 without a paid plan nothing is sent; without the scope neither', async () => {
    const { company, client } = await sender({ plan: 'free' });
    expect((await client.post('campaigns', wish({ segment: 'all' }))).status).toBe(403);
    expect(await campaigns(company)).toEqual([]);
    const paid = await makeCompany(portal);
    const reader = new Client(portal, await apiKey(portal, paid), paid);
    expect((await reader.post('campaigns', wish({ segment: 'all' }))).status).toBe(403);
    expect((await reader.get(`campaigns/${newId()}`)).status).toBe(403);
  });

  test('another company’s campaign and customers are like none', async () => {
    const [a, b] = [await sender(), await sender()];
    const [theirs] = await customersOf(portal, b.company, [{ phones: [mobile(1)] }]);
    const { body } = await b.client.post('campaigns', wish({ segment: 'all' }));
    const foreign = await a.client.get(`campaigns/${body.id}`);
    const missing = await a.client.get(`campaigns/${newId()}`);
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
    expect((await a.client.get('campaigns/nonsense')).status).toBe(404);
    expect((await a.client.post('campaigns', wish({ customers: [theirs] }))).status).toBe(422);
    const sameName = wish({ segment: 'all' });
    expect((await b.client.post('campaigns', sameName)).status).toBe(201);
    expect((await a.client.post('campaigns', sameName)).status).toBe(201);
  });
});
