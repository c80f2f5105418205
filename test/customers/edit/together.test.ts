import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drift, lock, share } from '../../../src/identity/identity.ts';
import { sql } from '../../../src/platform/db.ts';
import { makeApp, makeUser, signIn, type TestApp } from '../../make.ts';
import { linkTo, makeShop, namesIn, type Shop, textOf } from '../shop.ts';
import { add, edit, fieldsOf } from './form.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const colleague = async (company: Parameters<typeof makeUser>[1] & object) =>
  signIn(portal, await makeUser(portal, company));

describe('a duplicate warning before saving', () => {
  test('P-06 shows who has the number, with orders and sums, and stores nothing', async () => {
    const shop = await makeShop(portal);
    const { customerId } = await shop.order('1', { name: 'Olena', phones: ['067 123 45 67'] });
    const { status, text } = await shop.owner.post('/customers/new', {
      name: 'O. K.',
      'phones.0': '+380 67 123-45-67',
    });
    expect(status).toBe(422);
    const shown = textOf(text);
    for (const words of [
      'Is it perhaps somebody who is here already?',
      'Olena',
      '1 order',
      '10.00',
      'has phone +380 67 123 4567',
    ])
      expect(shown).toContain(words);
    expect(linkTo(text, 'Olena')).toBe(`/customers/${customerId}`);
    expect(fieldsOf(text)).toMatchObject({ name: ['O. K.'], 'phones.0': ['+380 67 123-45-67'] });
    expect(namesIn((await shop.owner.get('/customers')).text)).toEqual(['Olena']);
  });

  test('P-06 never takes a contact from anybody: saved without it, and the pages of both ask', async () => {
    const shop = await makeShop(portal);
    const { customerId } = await shop.order('1', { name: 'Olena', phones: ['067 123 45 67'] });
    const warned = await shop.owner.post('/customers/new', {
      name: 'New',
      'phones.0': '0671234567',
      'emails.0': 'new@example.com',
    });
    const saved = await shop.owner.post('/customers/new', { ...fieldsOf(warned.text), do: 'anyway' });
    expect(saved.status).toBe(303);
    const page = textOf((await shop.owner.get(String(saved.headers.location))).text);
    expect(page).toContain('new@example.com');
    expect(page).toContain('May be the same person as Olena');
    expect(textOf((await shop.owner.get(`/customers/${customerId}`)).text)).toContain('+380 67 123 4567');
    const { customerId: next } = await shop.order('2', { phones: ['067 123 45 67'] });
    expect(next).toBe(customerId);
  });

  test('P-54 of two that are there: saved first, then led to the merge', async () => {
    const shop = await makeShop(portal);
    const { customerId: olena } = await shop.order('1', { name: 'Olena', emails: ['olena@example.com'] });
    const { customerId: other } = await shop.order('2', { name: 'Other', phones: ['067 123 45 67'] });
    const warned = await edit(shop.owner, other, { note: 'Kept', 'emails.0': 'OLENA@example.com' });
    expect(warned.status).toBe(422);
    const led = await shop.owner.post(`/customers/${other}/edit`, { ...fieldsOf(warned.text), do: 'merge' });
    expect(led.headers.location).toBe(`/duplicates/merge?ids=${other},${olena}`);
    expect(textOf((await shop.owner.get(`/customers/${other}`)).text)).toContain('Kept');
  });

  test('the same name in the same region is asked about, and asked again about whom the person has not seen', async () => {
    const shop = await makeShop(portal);
    await add(shop.owner, { name: 'Olena Koval', region: 'Kyiv' });
    const warned = await shop.owner.post('/customers/new', { name: 'olena  KOVAL', region: 'Kyiv' });
    expect(warned.status).toBe(422);
    expect(textOf(warned.text)).toContain('has the same name in the same region');
    expect((await shop.owner.post('/customers/new', { ...fieldsOf(warned.text) })).status).toBe(422);
    expect((await shop.owner.post('/customers/new', { ...fieldsOf(warned.text), do: 'anyway' })).status).toBe(303);
    const stale = await shop.owner.post('/customers/new', { ...fieldsOf(warned.text), do: 'anyway' });
    expect(stale.status).toBe(422);
    expect((await shop.owner.post('/customers/new', { name: 'Olena Koval', region: 'Lviv' })).status).toBe(303);
  });

  test('a shared contact of somebody who was deleted stays shared, and is nobody else’s either', async () => {
    const shop = await makeShop(portal);
    const { customerId } = await shop.order('1', {
      name: 'Olena',
      phones: ['067 123 45 67'],
      emails: ['olena@example.com'],
    });
    await portal.tenancy.inCompany(shop.company, async (db) => {
      await lock(db);
      await share(db, { contact: { kind: 'phone', value: '+380671234567' }, userId: null });
    });
    await shop.owner.get(`/customers/${customerId}`);
    await shop.owner.post(`/customers/${customerId}/deletion`);
    const warned = await shop.owner.post('/customers/new', { name: 'New', 'phones.0': '0671234567' });
    expect(warned.status).toBe(422);
    expect(textOf(warned.text)).toContain('deleted customer');
    expect(textOf(warned.text)).not.toContain('Olena');
    expect((await shop.owner.post('/customers/new', { ...fieldsOf(warned.text), do: 'anyway' })).status).toBe(303);
    const third = await shop.order('2', { name: 'Third', phones: ['067 123 45 67'] });
    expect(third.customerId).toBe('null');
    // Erased for good, it goes with the last that proves it.
    await shop.order('2', { name: 'Third' });
    await shop.owner.post(`/customers/${customerId}/erasure`);
    expect(await values(shop)).not.toContain('+380671234567');
  });

  test('nobody of another company is ever shown', async () => {
    const [shop, other] = [await makeShop(portal), await makeShop(portal)];
    await other.order('1', { name: 'Stranger', phones: ['067 123 45 67'] });
    expect((await shop.owner.post('/customers/new', { name: 'Mine', 'phones.0': '067 123 45 67' })).status).toBe(303);
  });
});

describe('P-54 two who edit at the same time', () => {
  test('the second is told who saved what, sees both versions, and chooses field by field', async () => {
    const shop = await makeShop(portal);
    const olga = await colleague({ company: shop.company, name: 'Olga Second' });
    const id = await add(shop.owner, { name: 'Before', region: 'Kyiv', note: 'Old note', 'phones.0': '+380671112201' });
    const opened = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    await edit(olga, id, { name: 'By Olga', note: 'Note of Olga', 'phones.1': '+380671112202' });

    const told = await shop.owner.post(`/customers/${id}/edit`, {
      ...opened,
      name: 'By me',
      region: 'Lviv',
      'phones.1': '+380671112203',
    });
    expect(told.status).toBe(409);
    const shown = textOf(told.text);
    for (const words of [
      'Olga Second saved at',
      'Your version is not saved yet',
      'By Olga',
      'By me',
      'Note of Olga',
      'Old note',
      'Lviv',
      '+380 67 111 2202',
      '+380 67 111 2203',
    ])
      expect(shown).toContain(words);
    // Who alone changed a field is proposed; of lists both; of a text that both changed nothing.
    expect(told.text).toMatch(/name="pick\.region" value="mine" checked/);
    expect(told.text).toMatch(/name="pick\.note" value="theirs" checked/);
    expect(told.text).toMatch(/name="pick\.phones" value="both" checked/);
    expect(told.text).not.toMatch(/name="pick\.name" value="\w+" checked/);

    const hidden = hiddenOf(told.text);
    const picks = { 'pick.region': 'mine', 'pick.note': 'theirs', 'pick.phones': 'both' };
    const asked = await shop.owner.post(`/customers/${id}/edit`, { ...hidden, ...picks, do: 'choose' });
    expect(asked.status).toBe(409);
    expect(textOf(asked.text)).toContain('Please choose one.');
    const saved = await shop.owner.post(`/customers/${id}/edit`, {
      ...hidden,
      ...picks,
      'pick.name': 'mine',
      do: 'choose',
    });
    expect(saved.status).toBe(303);
    expect(fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text)).toMatchObject({
      name: ['By me'],
      region: ['Lviv'],
      note: ['Note of Olga'],
      'phones.0': ['+380 67 111 2201'],
      'phones.1': ['+380 67 111 2202'],
      'phones.2': ['+380 67 111 2203'],
    });
  });

  test('a third who saves while the second chooses is not overwritten either', async () => {
    const shop = await makeShop(portal);
    const olga = await colleague({ company: shop.company, name: 'Olga Second' });
    const id = await add(shop.owner, { name: 'Before' });
    const opened = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    await edit(olga, id, { name: 'First' });
    const told = await shop.owner.post(`/customers/${id}/edit`, { ...opened, name: 'Mine' });
    await edit(olga, id, { name: 'Second' });
    const again = await shop.owner.post(`/customers/${id}/edit`, {
      ...hiddenOf(told.text),
      'pick.name': 'mine',
      do: 'choose',
    });
    expect(again.status).toBe(409);
    expect(textOf(again.text)).toContain('Second');
    expect(
      (await shop.owner.post(`/customers/${id}/edit`, { ...hiddenOf(again.text), 'pick.name': 'mine', do: 'choose' }))
        .status,
    ).toBe(303);
    expect(fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text).name).toEqual(['Mine']);
  });

  test('of 20 who save the same form at the same moment one saves, and 19 are told', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'Before' });
    const opened = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    const { csrf, companyId } = shop.owner;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        shop.owner.agent
          .post(`/customers/${id}/edit`)
          .type('form')
          .send({ ...opened, name: `Writer ${n}`, _csrf: csrf, _company: companyId }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([303, ...Array.from({ length: 19 }, () => 409)]);
    expect(await portal.tenancy.inCompany(shop.company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });
});

describe('the history', () => {
  test('P-67 tells who changed what, from what to what, the newest first', async () => {
    const shop = await makeShop(portal);
    const olga = await colleague({ company: shop.company, name: 'Olga Second' });
    const { customerId: id } = await shop.order('1', { name: 'Anna', phones: ['067 123 45 67'] });
    expect(textOf((await shop.owner.get(`/customers/${id}/history`)).text)).toContain(
      'Nobody has changed anything here',
    );
    await edit(olga, id, {
      name: 'Anna Koval',
      gender: 'female',
      note: 'Line one\nLine two',
      'phones.0.channels': ['viber'],
    });
    await edit(shop.owner, id, { note: '' });
    const { text } = await shop.owner.get(`/customers/${id}`);
    expect(text).toContain(`href="/customers/${id}/history"`);
    const history = textOf((await shop.owner.get(`/customers/${id}/history`)).text);
    for (const words of ['Olga Second', 'Anna', 'Anna Koval', 'female', 'Line one', '+380 67 123 4567 (Viber)'])
      expect(history).toContain(words);
    expect(history.lastIndexOf('Olga Second')).toBeGreaterThan(history.indexOf('Edited'));
  });

  test('saving what is there already writes nothing', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'Same', 'phones.0': '+380671112201', note: 'x' });
    const saved = await edit(shop.owner, id, {});
    expect(saved.status).toBe(303);
    const history = textOf((await shop.owner.get(`/customers/${id}/history`)).text);
    expect(history).toContain('Added');
    expect(history).not.toContain('Edited');
  });

  test('is read on, page by page', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'Many' });
    for (let n = 0; n < 51; n++) await edit(shop.owner, id, { note: `note ${n}.` });
    const first = (await shop.owner.get(`/customers/${id}/history`)).text;
    expect(textOf(first)).not.toContain('Added');
    const second = textOf((await shop.owner.get(linkTo(first, 'Older'))).text);
    expect(second).toContain('Added');
    expect(second).toContain('Newest');
  });
});

describe('hostile texts', () => {
  const HOSTILE = [
    `"><script>alert(1)</script>`,
    `'; drop table customer; --`,
    '{{constructor}} #{7*7} <%= 7 %>',
    'Ё́ ﷽ 👩‍👩‍👧‍👦 \u202Eevil\u202C',
    '=HYPERLINK("http://x")',
    '../../etc/passwd',
    '&lt;b&gt; &amp;quot;',
  ];

  test.each(HOSTILE)('%s passes unharmed through every field', async (hostile) => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, {
      name: hostile,
      region: hostile,
      otherChannels: hostile,
      note: `${hostile}\n${hostile}`,
    });
    const form = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    expect(form).toMatchObject({
      name: [hostile],
      region: [hostile],
      otherChannels: [hostile],
      note: [`${hostile}\n${hostile}`],
    });
    for (const path of ['', '/history', '/edit', '/deletion']) {
      const { text, status } = await shop.owner.get(`/customers/${id}${path}`);
      expect(status).toBe(200);
      expect(text).not.toContain('<script>alert');
      if (path !== '/edit') expect(textOf(text)).toContain(hostile.replace(/\s+/g, ' '));
    }
    const refused = await shop.owner.post('/customers/new', {
      name: 'A',
      'phones.0': hostile,
      'emails.0': hostile,
      gender: hostile,
      tags: hostile,
      latest: hostile,
      base: hostile,
      seen: hostile,
    });
    expect(refused.status).toBe(422);
    expect(fieldsOf(refused.text)).toMatchObject({ 'phones.0': [hostile], 'emails.0': [hostile] });
    await edit(shop.owner, id, { base: hostile, note: 'changed', do: hostile });
    expect((await edit(shop.owner, id, { 'pick.note': hostile, theirs: hostile, do: 'choose' })).status).toBeLessThan(
      500,
    );
  });

  test('a forged form changes no contact into what is none', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A', 'phones.0': '+380671112201' });
    const form = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    const base = JSON.parse(form.base?.[0] ?? '');
    base.details.phones.push({ value: 'not a phone', given: 'x', channels: [] });
    const { status } = await shop.owner.post(`/customers/${id}/edit`, {
      ...form,
      base: JSON.stringify(base),
      'phones.1': 'not a phone',
    });
    expect(status).toBe(422);
  });
});

const values = async ({ company }: Shop) =>
  (await portal.tenancy.inCompany(company, (db) => db.query<{ value: string }>(sql`select value from contact`))).map(
    ({ value }) => value,
  );

/** What the page of the choice carries along. */
function hiddenOf(html: string): Record<string, string[]> {
  const [, form = ''] = /<form method="post" action="\/customers\/[^"]*\/edit">([\s\S]*?)<\/form>/.exec(html) ?? [];
  return fieldsOf(`<form id="edit-form">${form.replace(/<input[^>]*type="radio"[^>]*>/g, '')}</form>`);
}
