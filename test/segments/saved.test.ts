import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { linkTo, namesIn, pageAt, type Shop, textOf } from '../customers/shop.ts';
import { makeApp, memberOf, type TestApp } from '../make.ts';
import { fieldsOf, follow, makeFour, saved } from './shop.ts';

let portal: TestApp;
let shop: Shop;

beforeAll(async () => {
  portal = await makeApp();
  shop = await makeFour(portal);
});

afterAll(() => portal.close());

const open = (path: string, status?: number) => pageAt(shop.owner, path, status);

describe('saving a filter', () => {
  test('P-10 P-24 P-33 "Save" keeps it under a name, as a tab for all users of the company', async () => {
    const html = await open('/customers?where=gender:is:male&where=orders:gt:2');
    expect(textOf(html)).toContain('men, more than 2 orders');
    const page = await follow(
      shop.owner,
      await shop.owner.post('/segments', { ...fieldsOf(html, '/segments'), name: ' Men who buy ' }),
    );
    expect(namesIn(page)).toEqual(['Петро']);
    const viewer = await memberOf(portal, shop.company, 'viewer');
    const tab = linkTo((await viewer.get('/customers')).text, 'Men who buy 1');
    expect(namesIn((await viewer.get(tab)).text)).toEqual(['Петро']);
  });

  test('P-34 whoever fits later joins by themselves, and leaves again', async () => {
    const id = await saved(shop.owner, 'Odesa', 'region:is:Odesa');
    expect(namesIn(await open(`/customers?segment=${id}`))).toEqual([]);
    await shop.order('80', { name: 'Юрій', phones: ['093 123 45 67'], region: 'Odesa' });
    expect(namesIn(await open(`/customers?segment=${id}`))).toEqual(['Юрій']);
    await shop.order('80', { name: 'Юрій', phones: ['093 123 45 67'], region: 'Poltava' });
    expect(namesIn(await open(`/customers?segment=${id}`))).toEqual([]);
  });

  test('P-33 the segment and what was added to it are saved together; the search is not', async () => {
    const html = await open('/customers?segment=loyal&where=gender:is:male&q=Петро');
    expect(textOf(html)).toContain('The search is no part of it.');
    const { filter } = fieldsOf(html, '/segments');
    expect(new URLSearchParams(filter).getAll('where')).toEqual([
      'activity:within:3m',
      'activities:gte:2',
      'gender:is:male',
    ]);
  });

  test.each([
    ['no name', { name: '  ' }, 'Please fill this in'],
    ['a name that is taken', { name: 'new' }, 'There is a segment of this name already.'],
    ['a name that is too long', { name: 'x'.repeat(101) }, '100'],
    ['no condition', { name: 'Nothing', filter: '' }, 'A segment needs at least one condition.'],
    ['a condition nobody knows', { name: 'Shoes', filter: 'where=shoes:is:43' }, 'at least one condition'],
  ])('P-33 %s is told beside the field, and what was typed stays', async (_, fields, words) => {
    await open('/customers');
    const answer = await shop.owner.post('/segments', { filter: 'where=orders%3Agte%3A2', ...fields });
    expect(answer.status).toBe(422);
    expect(textOf(answer.text)).toContain(words);
    const kept = fieldsOf(answer.text, '/segments');
    expect(kept.name).toBe(fields.name);
    if (!('filter' in fields)) expect(kept.filter).toBe('where=orders%3Agte%3A2');
  });

  test('a name may hold anything, and stays what it is', async () => {
    const name = `<b>"'&lt; {{t}} ${'%'} 😀 שלום`;
    const id = await saved(shop.owner, name, 'orders:gte:1');
    const html = await open('/segments');
    expect(html).not.toContain('<b>"');
    expect(fieldsOf(await open(`/segments/${id}`), `/segments/${id}`).name).toBe(name);
    await shop.owner.post(`/segments/${id}/deletion`);
  });

  test('there are 50 at most', async () => {
    const other = await makeFour(portal);
    await portal.tenancy.inCompany(other.company, ({ tables }) =>
      tables.segment.createMany({
        data: Array.from({ length: 50 }, (_, n) => ({
          ...{ companyId: other.company.id, id: newId(), name: `Segment ${n}`, filter: 'where=orders%3Agte%3A1' },
        })),
      }),
    );
    await other.owner.get('/customers');
    const answer = await other.owner.post('/segments', { name: 'One more', filter: 'where=orders%3Agte%3A1' });
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('50 segments already')]);
  });

  test('a viewer sees no "Save", and can send none', async () => {
    const viewer = await memberOf(portal, shop.company, 'viewer');
    const html = (await viewer.get('/customers?where=gender:is:male')).text;
    expect(html).not.toContain('action="/segments"');
    expect((await viewer.post('/segments', { name: 'Mine', filter: 'where=orders%3Agte%3A1' })).status).toBe(403);
    expect((await viewer.get('/segments')).text).not.toContain('/deletion');
  });
});

describe('own segments', () => {
  test('P-24 are renamed, and get other conditions from the list', async () => {
    const id = await saved(shop.owner, 'Women', 'gender:is:female');
    const list = await open(`/customers?segment=${id}`);
    const editing = await open(linkTo(list, 'Change its conditions'));
    expect(textOf(editing)).toContain('You are changing the segment “Women”');
    const more = await shop.owner.get(`${linkTo(list, 'Change its conditions')}&add=orders&op=gte&value=1`);
    const changed = await open(String(more.headers.location));
    const fields = { ...fieldsOf(changed, `/segments/${id}`), name: 'Women who bought' };
    const page = await follow(shop.owner, await shop.owner.post(`/segments/${id}`, fields));
    expect(namesIn(page)).toEqual(['Олена']);
    expect(textOf(page)).toContain('Women who bought 1');
  });

  test('P-24 stand in the order one gives them', async () => {
    const other = await makeFour(portal);
    const ids: string[] = [];
    for (const name of ['First', 'Second', 'Third']) ids.push(await saved(other.owner, name, 'orders:gte:1'));
    const tabs = async () =>
      [...textOf((await other.owner.get('/segments')).text).matchAll(/(First|Second|Third) at least/g)].map(
        ([, name]) => name,
      );
    await other.owner.post(`/segments/${ids[2]}/position`, { towards: 'up' });
    expect(await tabs()).toEqual(['First', 'Third', 'Second']);
    await other.owner.post(`/segments/${ids[0]}/position`, { towards: 'down' });
    expect(await tabs()).toEqual(['Third', 'First', 'Second']);
    await other.owner.post(`/segments/${ids[2]}/position`, { towards: 'up' });
    expect(await tabs()).toEqual(['Third', 'First', 'Second']);
    expect(textOf((await other.owner.get('/customers')).text)).toContain('Third 3 First 3 Second 3');
  });

  test('P-24 are deleted, and brought back', async () => {
    const id = await saved(shop.owner, 'Rare', 'orders:eq:1');
    const gone = await follow(shop.owner, await shop.owner.post(`/segments/${id}/deletion`));
    expect(textOf(gone)).toContain('“Rare” is deleted. It can be restored below.');
    expect(textOf(await open(`/customers?segment=${id}`))).toContain(`Not understood: ${id}`);
    expect(textOf(await open('/customers'))).not.toContain('Rare');
    const back = await follow(shop.owner, await shop.owner.post(`/segments/${id}/restoration`));
    expect(textOf(back)).toContain('“Rare” is back.');
    expect(textOf(await open('/customers'))).toContain('Rare');
  });

  test('two change the same one: the second is told, and loses nothing', async () => {
    const id = await saved(shop.owner, 'Ours', 'orders:gte:1');
    const manager = await memberOf(portal, shop.company, 'manager');
    const [mine, theirs] = [await open(`/segments/${id}`), (await manager.get(`/segments/${id}`)).text];
    await manager.post(`/segments/${id}`, { ...fieldsOf(theirs, `/segments/${id}`), name: 'Theirs' });
    const answer = await shop.owner.post(`/segments/${id}`, { ...fieldsOf(mine, `/segments/${id}`), name: 'Mine' });
    expect(answer.status).toBe(422);
    expect(textOf(answer.text)).toContain('it is now “Theirs” – at least 1 order');
    const again = fieldsOf(answer.text, `/segments/${id}`);
    expect(again.name).toBe('Mine');
    await follow(shop.owner, await shop.owner.post(`/segments/${id}`, again));
    expect(fieldsOf(await open(`/segments/${id}`), `/segments/${id}`).name).toBe('Mine');
  });

  test('what is not understood any more is told, and shows nobody as a hit', async () => {
    const id = await saved(shop.owner, 'Broken', 'orders:gte:1');
    await portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`update segment set filter = 'where=shoes:is:43' where id = ${id}::uuid`),
    );
    expect(textOf(await open('/segments'))).toContain('Its conditions are not understood any more');
    expect(textOf(await open(`/customers?segment=${id}`))).toContain(`Not understood: ${id}`);
    await shop.owner.post(`/segments/${id}/deletion`);
  });
});

describe('presets', () => {
  test('P-22 can be edited and are restored; the others stay', async () => {
    const other = await makeFour(portal);
    const visitor = other.owner;
    const list = (await visitor.get('/customers?segment=new')).text;
    const editing = (await visitor.get(linkTo(list, 'Change its conditions'))).text;
    const shorter = {
      ...fieldsOf(editing, '/segments/new'),
      filter: 'where=activity%3Awithin%3A7d&where=activities%3Aeq%3A1',
    };
    const page = await follow(visitor, await visitor.post('/segments/new', shorter));
    expect(namesIn(page)).toEqual(['Марія']);
    expect(textOf(page)).toMatch(/All 4 New 1 Loyal 1 Inactive 1/);
    const segments = (await visitor.get('/segments')).text;
    expect(textOf(segments)).toContain('last activity within 7 days, exactly 1 order or message');
    expect(textOf(segments)).toContain('changed');
    await follow(visitor, await visitor.post('/segments/new/restoration'));
    expect(namesIn((await visitor.get('/customers?segment=new')).text)).toEqual(['Марія', 'Олена']);
  });

  test('P-22 a preset that keeps its name keeps it in every language', async () => {
    const other = await makeFour(portal);
    const visitor = other.owner;
    const fields = fieldsOf((await visitor.get('/segments/loyal')).text, '/segments/loyal');
    await visitor.post('/segments/loyal', { ...fields, filter: 'where=activities%3Agte%3A3' });
    await visitor.post('/profile/language', { locale: 'uk', back: '/customers' });
    expect(textOf((await visitor.get('/customers')).text)).toMatch(/Лояльні 1/);
    await visitor.post('/segments/loyal', {
      ...fieldsOf((await visitor.get('/segments/loyal')).text, '/segments/loyal'),
      name: 'Найкращі',
    });
    await visitor.post('/profile/language', { locale: 'en', back: '/customers' });
    expect(textOf((await visitor.get('/customers')).text)).toMatch(/Найкращі 1/);
  });

  test('P-23 can be deleted, and restored as they came', async () => {
    const other = await makeFour(portal);
    const visitor = other.owner;
    await visitor.get('/segments');
    await follow(visitor, await visitor.post('/segments/inactive/deletion'));
    expect(textOf((await visitor.get('/customers')).text)).not.toContain('Inactive');
    const page = await visitor.get('/customers?segment=inactive');
    expect([namesIn(page.text).length, textOf(page.text)]).toEqual([4, expect.stringContaining('Not understood')]);
    await follow(visitor, await visitor.post('/segments/inactive/restoration'));
    expect(namesIn((await visitor.get('/customers?segment=inactive')).text)).toEqual(['Іван']);
  });

  test('P-23 comes back under no name that another one has by now, nor as one too many', async () => {
    const other = await makeFour(portal);
    const visitor = other.owner;
    const first = await saved(visitor, 'Men', 'gender:is:male');
    await follow(visitor, await visitor.post(`/segments/${first}/deletion`));
    const second = await saved(visitor, 'men', 'gender:is:male');
    const refused = await follow(visitor, await visitor.post(`/segments/${first}/restoration`));
    expect(textOf(refused)).toContain('There is a segment of this name already.');
    await visitor.post(`/segments/${second}/deletion`);
    expect(textOf(await follow(visitor, await visitor.post(`/segments/${first}/restoration`)))).toContain('is back');

    await visitor.post('/segments/new/deletion');
    const taker = await saved(visitor, 'New', 'gender:is:male');
    const preset = await follow(visitor, await visitor.post('/segments/new/restoration'));
    expect(textOf(preset)).toContain('There is a segment of this name already.');
    await visitor.post(`/segments/${taker}/deletion`);

    for (let n = 0; n < 49; n++) await saved(visitor, `Many ${n}`, 'gender:is:male');
    const full = await follow(visitor, await visitor.post(`/segments/${taker}/restoration`));
    expect(textOf(full)).toContain('There are 50 segments already. Delete one first.');
    expect(textOf(await follow(visitor, await visitor.post('/segments/new/restoration')))).toContain('is back');
  });

  test('P-18 All is fixed', async () => {
    await open('/segments');
    expect((await shop.owner.get('/segments/all')).status).toBe(404);
    for (const path of ['/segments/all', '/segments/all/deletion', '/segments/all/position']) {
      expect((await shop.owner.post(path, { name: 'x', filter: 'where=orders%3Agte%3A1' })).status).toBe(404);
    }
  });
});
