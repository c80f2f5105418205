import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, type Visitor } from '../make.ts';
import { makeObjection, publishReview } from '../moderation/make.ts';

let portal: TestApp;
let admin: Visitor;
let second: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  admin = await signIn(portal, await makeUser(portal, { admin: true, name: 'Olga' }));
  second = await signIn(portal, await makeUser(portal, { admin: true, name: 'Petro' }));
});
afterAll(() => portal.close());

const hidden = async (phoneKey: string) => {
  const [row] = await portal.database.prisma.$queryRaw<{ hidden: boolean }[]>(
    sql`select hidden_at is not null as hidden from phone_sharing where phone_key = ${phoneKey}`,
  );
  return row?.hidden ?? false;
};
const deeds = (action: string) =>
  portal.database.prisma.$queryRaw<object[]>(sql`select subject from audit_entry where action = ${action}`);
const decide = (visitor: Visitor, id: string, fields: Record<string, string>) =>
  visitor.post(`/admin/objections/${id}/decision`, fields);

describe('P-88 objections to the sharing', () => {
  test('are for administrators alone, who see the words and how much is hidden', async () => {
    const phone = '+380671230099';
    await publishReview(portal, await makeCompany(portal), { phone });
    await publishReview(portal, await makeCompany(portal), { phone });
    const { id } = await makeObjection(portal, phone, 'Never <b>asked</b> & "never" agreed.');
    const list = (await admin.get('/admin/objections')).text;
    expect(list).toContain('Never &lt;b&gt;asked&lt;/b&gt; &amp; &quot;never&quot; agreed.');
    expect(list).toContain('•••99');
    const page = (await admin.get(`/admin/objections/${id}`)).text;
    for (const words of ['2 reviews are hidden', '2 companies wrote', 'Ordered twice and took nothing.'])
      expect(page).toContain(words);
    const owner = await memberOf(portal, await makeCompany(portal));
    expect((await owner.get('/admin/objections')).status).toBe(403);
    expect((await admin.get('/admin/objections/0198a000-0000-7000-8000-000000000000')).status).toBe(404);
  });

  test('upheld stay hidden for good, also when a later one is rejected', async () => {
    const phone = '+380671230088';
    const { id, phoneKey } = await makeObjection(portal, phone);
    await decide(admin, id, { state: 'upheld', answer: 'A private person.' });
    expect(await hidden(phoneKey)).toBe(true);
    expect(await deeds('objection.upheld')).toContainEqual({ subject: { id } });
    const later = await makeObjection(portal, phone);
    await decide(admin, later.id, { state: 'rejected', answer: 'It is upheld already.' });
    expect(await hidden(phoneKey)).toBe(true);
    const decided = (await admin.get('/admin/objections?state=decided')).text;
    expect(decided).toContain('•••88');
    expect((await admin.get('/admin/objections')).text).not.toContain('•••88');
  });

  test('rejected make the reviews visible again', async () => {
    const { id, phoneKey } = await makeObjection(portal);
    expect(await hidden(phoneKey)).toBe(true);
    expect((await decide(admin, id, { state: 'rejected', answer: 'The facts are proved.' })).status).toBe(303);
    expect(await hidden(phoneKey)).toBe(false);
    expect(await deeds('objection.rejected')).toContainEqual({ subject: { id } });
    expect((await admin.get(`/admin/objections/${id}`)).text).toContain('The facts are proved.');
  });

  test('are not decided by an administrator of a company that wrote about the number', async () => {
    const phone = '+380671230077';
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { admin: true, company });
    const party = await signIn(portal, user);
    await publishReview(portal, await makeCompany(portal), { phone, text: 'Words of another company' });
    const { id, phoneKey } = await makeObjection(portal, phone, 'Said about both of them');
    // Its company wrote nothing yet: nobody stands in the way.
    expect((await party.get(`/admin/objections/${id}`)).text).toContain('name="answer"');
    await publishReview(portal, company, { phone });
    const page = (await party.get(`/admin/objections/${id}`)).text;
    expect(page).toContain('another administrator decides');
    for (const words of ['name="answer"', 'Words of another company', 'Said about both of them'])
      expect([words, page.includes(words)]).toEqual([words, false]);
    expect((await party.get('/admin/objections')).text).not.toContain('Said about both of them');
    const refused = await decide(party, id, { state: 'rejected', answer: 'It is all true.' });
    expect([refused.status, await hidden(phoneKey)]).toEqual([409, true]);
    expect((await decide(admin, id, { state: 'rejected', answer: 'The facts are proved.' })).status).toBe(303);
    expect(await hidden(phoneKey)).toBe(false);
  });

  test('need a decision and a reason; what was typed stays', async () => {
    const { id, phoneKey } = await makeObjection(portal);
    for (const fields of [
      { answer: 'Only <words>' },
      { state: 'upheld', answer: '  ' },
      { state: 'perhaps', answer: 'Only <words>' },
      { state: 'upheld', answer: 'x'.repeat(1001) },
    ]) {
      const { status, text } = await decide(admin, id, fields as Record<string, string>);
      expect([fields, status]).toEqual([fields, 422]);
      if (fields.answer.includes('words')) expect(text).toContain('Only &lt;words&gt;');
    }
    expect(await hidden(phoneKey)).toBe(true);
  });

  test('decided by two at the same instant are decided once, and the other sees by whom', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, phoneKey } = await makeObjection(portal);
      const answers = await Promise.all([
        decide(admin, id, { state: 'upheld', answer: 'Olga says so' }),
        decide(second, id, { state: 'rejected', answer: 'Petro says no' }),
      ]);
      const winner = answers.findIndex(({ status }) => status === 303);
      const loser = answers[1 - winner];
      expect(loser?.status).toBe(409);
      expect(loser?.text).toContain(winner === 0 ? 'Olga' : 'Petro');
      expect(loser?.text).toContain(winner === 0 ? 'Petro says no' : 'Olga says so');
      expect(await hidden(phoneKey)).toBe(winner === 0);
    }
  });
});

describe('the switches of the portal', () => {
  test('are off at first, turn on and off, and every change is written down with who', async () => {
    const state = async () =>
      portal.database.prisma.$queryRaw<object[]>(sql`select name, value from portal_setting order by name`);
    const { text } = await admin.get('/admin/settings');
    expect(text).toContain('Tell the person by SMS');
    expect(text).not.toContain(' checked');
    await admin.post('/admin/settings', { 'reviews.tellPerson': 'on' });
    expect(await state()).toEqual([{ name: 'reviews.tellPerson', value: true }]);
    const on = (await second.get('/admin/settings')).text;
    expect([on.includes('checked'), on.includes('Olga')]).toEqual([true, true]);
    await admin.post('/admin/settings', { 'reviews.tellPerson': 'on' });
    await admin.post('/admin/settings', { 'reviews.typedInHint': 'on', 'reviews.unknown': 'on' });
    expect(await state()).toEqual([
      { name: 'reviews.tellPerson', value: false },
      { name: 'reviews.typedInHint', value: true },
    ]);
    expect(await deeds('setting.changed')).toHaveLength(3);
    const audit = (await admin.get('/admin/audit')).text;
    expect(audit).toContain('Switch: reviews.tellPerson');
    expect(audit).toContain('Value: yes');
    const owner = await memberOf(portal, await makeCompany(portal));
    expect((await owner.get('/admin/settings')).status).toBe(403);
  });
});

test('the audit tells in words what was done', async () => {
  await admin.post('/admin/companies', {
    ...{
      name: 'Words',
      slug: 'words',
      country: 'UA',
      currency: 'UAH',
      timezone: 'Europe/Kyiv',
      locale: 'uk',
      plan: 'paid',
    },
  });
  const { text } = await admin.get('/admin/audit');
  expect(text).toContain('Short name: words');
  expect(text).not.toContain('slug:');
});
