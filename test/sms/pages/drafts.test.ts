import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/kernel/id.ts';
import { makeCompany, memberOf, type TestApp } from '../../make.ts';
import { DRAFT, makeSeller, openPortal, writeDraft } from './make.ts';

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
    expect((await owner.post(path, { ...DRAFT, to: 'chosen', name: 'White Friday', version: '0' })).status).toBe(303);
    expect((await owner.get(path)).text).toContain('White Friday');
    expect((await owner.get(`${path}/removal`)).text).toContain('Delete the draft “White Friday”?');
    expect((await owner.post(`${path}/removal`)).headers.location).toBe('/sms');
    expect((await owner.get(path)).status).toBe(404);
  });

  test('that somebody else saved meanwhile is not overwritten unseen, and nothing that was typed is lost', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    const path = await writeDraft(seller);
    const fields = { ...DRAFT, to: 'chosen', version: '0' };
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

  test('shows the text for whoever is asked for', async () => {
    const { owner } = await makeSeller(portal, ['Ann Example', 'Bert Example']);
    await owner.get('/sms/new');
    const shown = await owner.post('/sms', { ...DRAFT, preview: 'bert', do: 'check' });
    expect(shown.text).toContain('Hi Bert');
    const nobody = await owner.post('/sms', { ...DRAFT, preview: 'zzz', do: 'check' });
    expect(nobody.text).toContain('Nobody was found by this.');
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
    expect((await free.get('/sms')).status).toBe(200);
    expect((await free.get('/sms/new')).status).toBe(403);
  });
});
