import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import { makeCompany, memberOf, type TestApp } from '../../make.ts';
import { DRAFT, launchDraft, makeSeller, openPortal, type Seller, writeDraft } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

describe('P-07 a draft', () => {
  test('is written, listed, changed and deleted', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    expect((await owner.get('/sms')).text).toContain('No campaigns yet');
    const path = await writeDraft(seller, { name: 'Black Friday' });
    expect((await owner.get('/sms')).text).toContain('Black Friday');
    const edit = await owner.get(`${path}/edit`);
    expect(edit.text).toContain('Hi {{first_name|friend}}');
    expect(
      (await owner.post(path, { ...DRAFT, to: 'chosen', filter: '', name: 'White Friday', version: '0' })).status,
    ).toBe(303);
    expect((await owner.get(path)).text).toContain('White Friday');
    expect((await owner.get(`${path}/removal`)).text).toContain('Delete the draft “White Friday”?');
    expect((await owner.post(`${path}/removal`)).headers.location).toBe('/sms');
    expect((await owner.get(path)).status).toBe(404);
  });

  test('that somebody else saved meanwhile is not overwritten unseen, and nothing that was typed is lost', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    const path = await writeDraft(seller);
    const fields = { ...DRAFT, to: 'chosen', filter: '', version: '0' };
    await owner.get(`${path}/edit`);
    await owner.post(path, { ...fields, body: 'Theirs' });
    const late = await owner.post(path, { ...fields, body: 'Mine' });
    expect(late.status).toBe(409);
    for (const text of ['Theirs', 'Mine', 'name="version" value="1"']) expect(late.text).toContain(text);
    expect((await owner.get(path)).text).not.toContain('Mine');
    expect((await owner.post(path, { ...fields, body: 'Mine', version: '1' })).status).toBe(303);
    expect((await owner.get(path)).text).toContain('Mine');
  });

  test('is copied without its times', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    const path = await writeDraft(seller, { name: 'Summer', scheduledAt: '2099-07-01T10:00' });
    expect((await owner.get(`${path}/edit`)).text).toContain('value="2099-07-01T10:00"');
    const copied = await owner.post(`${path}/copy`);
    const form = await owner.get(String(copied.headers.location));
    expect(form.text).toContain('value="Summer (copy)"');
    expect(form.text).not.toContain('2099-07-01');
  });
});

describe('P-02 a campaign whose sender was taken away', () => {
  const give = ({ company }: Seller, address: string) =>
    portal.database.prisma.$executeRaw(sql`
      with made as (insert into sender (id, address) values (gen_random_uuid(), ${address}) returning id)
      insert into company_sender (company_id, sender_id) select ${company.id}::uuid, id from made`);

  test('is copied with the portal’s own, and says so; it cannot be launched', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    await give(seller, 'GoneShop');
    const path = await writeDraft(seller, { sender: 'GoneShop' });
    await portal.database.prisma.$executeRaw(
      sql`delete from company_sender where company_id = ${seller.company.id}::uuid`,
    );
    const draft = await seller.owner.get(path);
    expect(draft.text).toContain('Your company was not given this sender.');
    const copied = await seller.owner.post(`${path}/copy`);
    expect(copied.status).toBe(303);
    expect((await seller.owner.get(String(copied.headers.location))).text).toContain('go by the portal’s own');
  });
});

test('the look counts with the pace of the sender that is used, be it the portal’s own', async () => {
  const seller = await makeSeller(
    portal,
    Array.from({ length: 120 }, (_, n) => `Ann ${n}`),
  );
  const path = await writeDraft(seller, { scheduledAt: '2099-07-01T10:00' });
  expect((await seller.owner.get(path)).text).not.toContain('10:02');
  await portal.database.prisma.$executeRaw(
    sql`insert into sender (id, address, per_second) values (gen_random_uuid(), 'sms', 1)`,
  );
  expect((await seller.owner.get(path)).text).toContain('10:02');
});

describe('P-02 what is wrong stands beside its field, and what was typed is kept:', () => {
  test.each([
    ['no name', { name: ' ' }, 'd-name'],
    ['nobody to send to', { to: '' }, 'd-to'],
    ['a segment that is not there', { to: '01a201a5-14f0-717b-8a4e-69a993c62b14' }, 'd-to'],
    ['no text', { body: ' ' }, 'd-body'],
    ['a text beyond 1,600 signs', { body: 'x'.repeat(1601) }, 'd-body'],
    ['an unknown field', { body: 'Hi {{password}}' }, 'd-body'],
    ['half a field', { body: 'Hi {{name' }, 'd-body'],
    ['a time that has passed', { scheduledAt: '2001-01-01T10:00' }, 'd-scheduledAt'],
    ['a time that is none', { scheduledAt: 'tomorrow' }, 'd-scheduledAt'],
    ['an end before the beginning', { scheduledAt: '2099-01-02T10:00', expiresAt: '2099-01-01T10:00' }, 'd-expiresAt'],
  ])('%s', async (_, fields, id) => {
    const { owner } = await makeSeller(portal, ['Ann']);
    await owner.get('/sms/new');
    const answer = await owner.post('/sms', { ...DRAFT, name: 'Kept', ...fields });
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(new RegExp(`<p class="field-error" id="${id}"`));
    expect(answer.text).toContain('body' in fields ? 'value="Kept"' : 'Hi {{first_name|friend}}');
    expect((await owner.get('/sms')).text).toContain('No campaigns yet');
  });

  test('P-02 a sender that the company was not given', async () => {
    const { owner } = await makeSeller(portal, ['Ann']);
    await owner.get('/sms/new');
    expect((await owner.post('/sms', { ...DRAFT, sender: 'Rival' })).status).toBe(422);
  });
});

describe('P-07 a choice of customers that cannot be read is nobody, never everybody:', () => {
  const FOREIGN = '01a201a5-14f0-717b-8a4e-69a993c62b14';

  test.each([
    ['ids that are none', { ids: 'foo' }],
    ['ids of nobody here', { ids: FOREIGN }],
    ['a condition that is none', { filter: 'where=bogus' }],
    ['a segment that is not there', { filter: `segment=${FOREIGN}` }],
  ])('%s', async (_, choice) => {
    const { owner } = await makeSeller(portal, ['Ann']);
    const opened = await owner.get(`/sms/new?${new URLSearchParams(choice)}`);
    const saved = await owner.post('/sms', { ...DRAFT, to: 'chosen', ...choice });
    for (const answer of [opened, saved]) {
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('<p class="field-error" id="d-to"');
      expect(answer.text).not.toContain('chosen customer');
    }
    expect((await owner.get('/sms')).text).toContain('No campaigns yet');
  });

  test('no choice at all', async () => {
    const { owner } = await makeSeller(portal, ['Ann']);
    await owner.get('/sms/new');
    for (const fields of [{ to: 'chosen' }, { to: 'chosen', ids: 'foo', filter: '' }]) {
      expect((await owner.post('/sms', { ...DRAFT, ...fields })).status).toBe(422);
    }
    expect((await owner.post('/sms/choice', { scope: 'all' })).headers.location).toBe('/customers');
  });

  test('of several only those that are here are counted and kept', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const ids = [seller.ids.get('Bert') ?? '', FOREIGN];
    const params = new URLSearchParams(ids.map((id): [string, string] => ['ids', id]));
    expect((await seller.owner.get(`/sms/new?${params}`)).text).toContain('1 chosen customer<');
    const path = await writeDraft(seller, { to: 'chosen', ids });
    expect((await seller.owner.get(path)).text).toContain('1 chosen customer<');
  });
});

describe('P-07 what was typed into a draft that is none any more', () => {
  test.each([
    ['deleted', 'removal', 404],
    ['launched', 'launch', 409],
  ])('because it was %s stands in the form of a new one', async (word, way, status) => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    const path = await writeDraft(seller);
    if (way === 'launch') await launchDraft(seller, path);
    else await owner.post(`${path}/removal`);
    const typed = { ...DRAFT, to: 'chosen', filter: 'q=ann', name: 'Kept', body: 'Typed for long', version: '0' };
    const late = await owner.post(path, typed);
    expect(late.status).toBe(status);
    for (const text of [`${word} meanwhile`, 'value="Kept"', 'Typed for long', 'action="/sms"', 'value="q&#x3D;ann"'])
      expect(late.text).toContain(text);
    expect((await owner.post('/sms', typed)).status).toBe(303);
  });
});

describe('P-02 the check', () => {
  test('tells parts and alphabet, marks what makes it dear, and saves nothing', async () => {
    const { owner } = await makeSeller(portal, ['Ann Example']);
    await owner.get('/sms/new');
    const plain = await owner.post('/sms', { ...DRAFT, do: 'check' });
    expect(plain.text).toContain('1 SMS');
    expect(plain.text).toContain('GSM-7');
    expect(plain.text).toContain('Hi Ann');
    const dear = await owner.post('/sms', { ...DRAFT, body: `${'x'.repeat(70)}—`, do: 'check' });
    expect(dear.text).toContain('2 SMS');
    expect(dear.text).toContain('<mark>—</mark>');
    expect((await owner.get('/sms')).text).toContain('No campaigns yet');
  });

  test('names the alphabet of a whole text that costs, with a few of its letters', async () => {
    const { owner } = await makeSeller(portal, ['Ann']);
    await owner.get('/sms/new');
    const dear = await owner.post('/sms', { ...DRAFT, body: 'Вітаємо! Ваше замовлення вже чекає на вас', do: 'check' });
    expect(dear.text).toMatch(/Cyrillic letters: 70 signs an SMS instead of 160, such as <mark>В<\/mark> <mark>і</);
  });

  test('counts messages, not SMS, where another channel is chosen', async () => {
    const { owner } = await makeSeller(portal, ['Ann']);
    await owner.get('/sms/new');
    const fields = { ...DRAFT, channel: 'viber', body: 'Вітаємо '.repeat(30) };
    const check = (await owner.post('/sms', { ...fields, do: 'check' })).text;
    expect(check).toContain('<strong>1 message</strong>');
    expect(check).not.toContain('UCS-2');
    const look = await owner.get(String((await owner.post('/sms', fields)).headers.location));
    expect(look.text).toContain('1 message<');
    expect(look.text).not.toContain('1 SMS');
  });

  test('shows the text for whoever is asked for', async () => {
    const { owner } = await makeSeller(portal, ['Ann Example', 'Bert Example']);
    await owner.get('/sms/new');
    const shown = await owner.post('/sms', { ...DRAFT, preview: 'bert', do: 'check' });
    expect(shown.text).toContain('Hi Bert');
    expect(shown.text).not.toContain('not among the recipients');
    const nobody = await owner.post('/sms', { ...DRAFT, preview: 'zzz', do: 'check' });
    expect(nobody.text).toContain('Nobody was found by this.');
  });

  test('prefers one of the recipients, and says so where nobody of them is found', async () => {
    const { owner, ids } = await makeSeller(portal, ['Ann Example', 'Bert Example', 'Cora Other']);
    await owner.get('/sms/new');
    const chosen = { ...DRAFT, to: 'chosen', do: 'check', body: 'Hi {{name}}' };
    for (const one of ['Ann Example', 'Bert Example']) {
      const inside = await owner.post('/sms', { ...chosen, ids: ids.get(one) ?? '', preview: 'example' });
      expect(inside.text).toContain(`Hi ${one}`);
      expect(inside.text).not.toContain('not among the recipients');
    }
    const filtered = await owner.post('/sms', { ...chosen, filter: 'q=bert', preview: 'example' });
    expect(filtered.text).toContain('Hi Bert Example');
    const outside = await owner.post('/sms', { ...chosen, ids: ids.get('Ann Example') ?? '', preview: 'cora' });
    for (const text of ['Hi Cora Other', 'This customer is not among the recipients.'])
      expect(outside.text).toContain(text);
  });

  test('runs nothing that a text or a customer holds', async () => {
    const { owner } = await makeSeller(portal, ['<b>Ann</b> {{company}}']);
    await owner.get('/sms/new');
    const shown = await owner.post('/sms', { ...DRAFT, body: 'Hi {{name}} <script>1</script>', do: 'check' });
    expect(shown.text).toContain('Hi &lt;b&gt;Ann&lt;/b&gt; {{company}} &lt;script&gt;');
  });
});

describe('P-07 from the list of customers', () => {
  test('ticked ones, or all that match, are taken along', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert', 'Cora']);
    const { owner, ids } = seller;
    expect((await owner.get('/customers')).text).toContain('formaction="/sms/choice"');
    const ticked = await owner.post('/sms/choice', { ids: [ids.get('Ann') ?? '', ids.get('Cora') ?? ''] });
    expect((await owner.get(String(ticked.headers.location))).text).toContain('2 chosen customers');
    const found = await owner.post('/sms/choice', { scope: 'all', filter: 'q=bert' });
    expect((await owner.get(String(found.headers.location))).text).toContain('bert');
    const path = await writeDraft(seller, { to: 'chosen', filter: 'q=bert' });
    expect((await owner.get(`${path}/recipients`)).text).toContain('Hi Bert');
    const nobody = await owner.post('/sms/choice', {});
    expect(nobody.headers.location).toBe('/customers');
  });

  test('a segment that is changed later changes nothing about a draft', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const { owner } = seller;
    const data = { companyId: seller.company.id, id: newId(), name: 'Buyers', filter: 'where=orders%3Agte%3A1' };
    await portal.tenancy.inCompany(seller.company, ({ tables }) => tables.segment.create({ data }));
    const path = await writeDraft(seller, { to: data.id });
    await portal.tenancy.inCompany(seller.company, ({ tables }) => tables.segment.deleteMany());
    expect((await owner.get(path)).text).toContain('at least 1 order');
  });
});

describe('P-02 who may', () => {
  test('a viewer reads, and sends nothing', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = await writeDraft(seller);
    const viewer = await memberOf(portal, seller.company, 'viewer');
    expect((await viewer.get('/sms')).text).not.toContain('/sms/new');
    const draft = await viewer.get(path);
    expect(draft.status).toBe(200);
    for (const way of ['/launch?', '/edit', '/removal', '/test']) expect(draft.text).not.toContain(`${path}${way}`);
    expect((await viewer.get('/sms')).text).toContain('Your role does not send');
    const tab = await viewer.get(`/customers/${seller.ids.get('Ann')}/sms`);
    expect(tab.text).toContain('Your role does not send');
    expect((await viewer.get('/sms/new')).status).toBe(403);
    for (const way of ['', '/launch', '/test', '/copy', '/removal', '/pause', '/resume', '/cancellation']) {
      expect([way, (await viewer.post(`${path}${way}`, DRAFT)).status]).toEqual([way, 403]);
    }
    expect((await viewer.get(`${path}/report/file`)).status).toBe(403);
  });

  test('a manager sends; nobody does without a plan', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const manager = await memberOf(portal, seller.company, 'manager');
    expect((await manager.get('/sms/new')).status).toBe(200);
    const free = await memberOf(portal, await makeCompany(portal, { plan: 'free' }));
    expect((await free.get('/sms')).text).toContain('Sending needs a paid plan');
    expect((await free.get('/sms/new')).status).toBe(403);
  });
});
