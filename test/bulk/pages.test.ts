import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { person, storePeople } from '../customers/make.ts';
import { namesIn, textOf } from '../customers/shop.ts';
import { makeApp, makeCompany, memberOf, type TestApp } from '../make.ts';
import { chipsIn, rows, tagId, tagsOf } from '../tags/make.ts';
import { ask, bulkRow, stateOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** 30 women and 30 men, and their shop's owner with the list open. */
async function openShop() {
  const company = await makeCompany(portal);
  const people = Array.from({ length: 60 }, (_, n) => {
    const gender = n % 2 ? ('male' as const) : ('female' as const);
    return person({
      name: `${gender} ${n}`,
      gender,
      orders: 1,
      lastActivity: new Date(Date.UTC(2026, 0, 1, 0, 60 - n)),
    });
  });
  await storePeople(portal.tenancy, company, people);
  const owner = await memberOf(portal, company);
  await owner.get('/customers');
  return { company, owner, ids: people.map(({ id }) => id) };
}

const boxesIn = (html: string) =>
  [...html.matchAll(/<input class="form-check-input tick-box"[^>]*>/g)].map(([box]) => box);
const tickedIn = (html: string) =>
  boxesIn(html)
    .filter((box) => box.includes(' checked'))
    .map((box) => /value="([^"]*)"/.exec(box)?.[1] ?? '');
const location = (answer: { headers: Record<string, string> }) => answer.headers.location ?? '';
const count = (company: { id: string }, table: 'bulk' | 'audit') =>
  rows<{ action: string }>(
    portal,
    table === 'bulk'
      ? sql`select action from bulk where company_id = ${company.id}::uuid`
      : sql`select action from audit_entry where company_id = ${company.id}::uuid and action like 'bulk.%' order by at`,
  );

describe('ticked rows', () => {
  test('P-09 get a tag at once, and the page says so where it was', async () => {
    const { company, owner, ids } = await openShop();
    const back = '/customers?where=gender%3Ais%3Afemale&page=2&per=20';
    const answer = await owner.post('/bulk', { ids: [ids[0] ?? '', ids[2] ?? ''], what: 'tag', tag: 'Опт', back });
    expect([answer.status, location(answer)]).toEqual([303, back]);
    expect(await tagsOf(portal, company)).toEqual({ 'female 0': ['Опт'], 'female 2': ['Опт'] });
    const page = await owner.get('/customers');
    expect(textOf(page.text)).toContain('“Опт”: 2 customers got the tag. Details and undo');
    expect(chipsIn(page.text)).toEqual(['Опт', 'Опт']);
    expect(await count(company, 'audit')).toEqual([{ action: 'bulk.requested' }]);
    const history = await rows(
      portal,
      sql`select action, changes from customer_change where customer_id = ${ids[0]}::uuid`,
    );
    expect(history).toEqual([{ action: 'tagged', changes: [{ field: 'tags', before: null, after: 'Опт' }] }]);
  });

  test('P-09 one alone as well, and the same ones twice count once', async () => {
    const { company, owner, ids } = await openShop();
    for (const given of [ids[0] ?? '', [ids[0] ?? '', ids[0] ?? '']]) {
      expect((await owner.post('/bulk', { ids: given, what: 'tag', tag: 'VIP' })).status).toBe(303);
    }
    expect(await tagsOf(portal, company)).toEqual({ 'female 0': ['VIP'] });
  });

  test('P-09 lose a tag, and an undo gives it back to those who had it', async () => {
    const { company, owner, ids } = await openShop();
    await owner.post('/bulk', { ids: ids.slice(0, 3), what: 'tag', tag: 'VIP' });
    const before = await stateOf(portal, company);
    await owner.post('/bulk', { ids: ids.slice(1, 5), what: 'untag', tag: 'vip' });
    expect(await tagsOf(portal, company)).toEqual({ 'female 0': ['VIP'] });
    const told = await owner.get('/customers');
    const path = /href="(\/bulk\/[0-9a-f-]+)"/.exec(told.text)?.[1] ?? '';
    const page = textOf((await owner.get(path)).text);
    expect(page).toContain('Take the tag “VIP” off Done');
    expect(page).toContain('4 ticked customers');
    expect(page).toContain('2 customers lost the tag. 2 customers did not have it.');
    expect(location(await owner.post(`${path}/undoing`))).toBe(path);
    expect(await stateOf(portal, company)).toEqual(before);
    expect(textOf((await owner.get(path)).text)).toContain('2 customers are as before.');
    expect(textOf((await owner.get(path)).text)).not.toContain(' Undo ');
  });

  test('are deleted after a question, and brought back by an undo', async () => {
    const { company, owner, ids } = await openShop();
    const question = await owner.post('/bulk', { ids: ids.slice(0, 2), what: 'delete', back: '/customers?per=50' });
    expect([question.status, textOf(question.text).includes('Delete 2 customers?')]).toEqual([200, true]);
    expect(namesIn((await owner.get('/customers')).text)).toContain('female 0');
    const answer = await owner.post('/bulk', {
      ids: ids.slice(0, 2),
      what: 'delete',
      sure: 'yes',
      back: '/customers?per=50',
    });
    expect(location(answer)).toBe('/customers?per=50');
    const list = await owner.get('/customers');
    expect(namesIn(list.text)).not.toContain('female 0');
    const path = /href="(\/bulk\/[0-9a-f-]+)"/.exec(list.text)?.[1] ?? '';
    await owner.post(`${path}/undoing`);
    const gone = sql`select id from customer where company_id = ${company.id}::uuid and not listed`;
    expect(await rows(portal, gone)).toEqual([]);
  });

  test('none at all: the list says that some have to be ticked first', async () => {
    const { company, owner } = await openShop();
    expect(location(await owner.post('/bulk', { what: 'tag', tag: 'VIP' }))).toBe('/customers');
    expect((await owner.get('/customers')).text).toContain('Tick some customers first.');
    expect(await count(company, 'bulk')).toEqual([]);
  });

  test.each([
    ['tag', '', 'This must not be empty'],
    ['tag', 'x'.repeat(60), 'at most 50'],
    ['untag', 'Nobody has this', 'There is no such tag.'],
  ])('%s %j is refused beside the field, with rows and words kept', async (what, tag, words) => {
    const { company, owner, ids } = await openShop();
    const answer = await owner.post('/bulk', { ids: ids.slice(0, 2), what, tag });
    expect([answer.status, answer.text.includes('aria-invalid="true"')]).toEqual([422, true]);
    if (tag !== '') expect(answer.text).toContain(`value="${tag}"`);
    if (words !== 'This must not be empty') expect(answer.text).toContain(words);
    for (const id of ids.slice(0, 2)) expect(answer.text).toContain(`name="ids" value="${id}"`);
    expect(await count(company, 'bulk')).toEqual([]);
  });

  test('of another company are left alone', async () => {
    const [ours, theirs] = [await openShop(), await openShop()];
    await ours.owner.post('/bulk', { ids: [theirs.ids[0] ?? '', 'no-id', ''], what: 'tag', tag: 'VIP' });
    expect(await tagsOf(portal, theirs.company)).toEqual({});
    expect(await tagsOf(portal, ours.company)).toEqual({});
  });

  test('are not there for a viewer', async () => {
    const { company, ids } = await openShop();
    const viewer = await memberOf(portal, company, 'viewer');
    const page = await viewer.get('/customers');
    expect(boxesIn(page.text)).toEqual([]);
    expect((await viewer.post('/bulk', { ids: ids.slice(0, 2), what: 'tag', tag: 'VIP' })).status).toBe(403);
    expect(await tagsOf(portal, company)).toEqual({});
  });
});

describe('without JavaScript', () => {
  test('P-09 a link ticks the page, another one all that match, and a third none', async () => {
    const { owner, ids } = await openShop();
    const plain = await owner.get('/customers?where=gender%3Ais%3Afemale&per=20');
    expect([boxesIn(plain.text).length, tickedIn(plain.text)]).toEqual([20, []]);
    expect(textOf(plain.text)).toContain('Tick this page All 30 customers that match');
    const page = await owner.get('/customers?where=gender%3Ais%3Afemale&per=20&select=page');
    expect(tickedIn(page.text)).toEqual(ids.filter((_, n) => n % 2 === 0).slice(0, 20));
    expect(page.text).not.toContain('name="scope"');
    const all = await owner.get('/customers?where=gender%3Ais%3Afemale&per=20&select=all');
    expect(all.text).toContain('name="scope" value="all"');
    expect(textOf(all.text)).toContain('Untick all');
  });
});

describe('all that match', () => {
  const wish = { scope: 'all', filter: 'where=gender%3Ais%3Afemale', what: 'tag', tag: 'Жінки' };

  test('P-09 are asked about once more, then tagged by a job whose page tells how far it is', async () => {
    const { company, owner } = await openShop();
    const question = await owner.post('/bulk', wish);
    expect(question.status).toBe(200);
    expect(textOf(question.text)).toContain('30 customers');
    expect(textOf(question.text)).toContain('women');
    expect(await count(company, 'bulk')).toEqual([]);
    const path = location(await owner.post('/bulk', { ...wish, sure: 'yes' }));
    expect(path).toMatch(/^\/bulk\/[0-9a-f-]+$/);
    const waiting = await owner.get(path);
    expect(waiting.text).toContain('hx-trigger="every 2s"');
    expect(waiting.text).toContain(`href="${path}"`);
    await portal.runJobs();
    const done = await owner.get(path);
    expect(done.text).not.toContain('hx-trigger');
    expect(textOf(done.text)).toContain('30 customers got the tag.');
    expect(Object.values(await tagsOf(portal, company))).toEqual(Array(30).fill(['Жінки']));
    expect((await owner.get('/notices')).text).toContain('30 customers changed');
    expect(textOf((await owner.get('/bulk')).text)).toContain('Add the tag “Жінки” Done');
  });

  test('can be stopped, and what was changed until then undone', async () => {
    const { company, owner } = await openShop();
    const path = location(await owner.post('/bulk', { ...wish, sure: 'yes' }));
    expect(location(await owner.post(`${path}/cancellation`))).toBe(path);
    await portal.runJobs();
    expect(await tagsOf(portal, company)).toEqual({});
    const page = await owner.get(path);
    expect(textOf(page.text)).toContain('It was stopped.');
    expect(page.text).not.toContain('/undoing');
    await owner.post(`${path}/cancellation`);
    expect((await owner.get(path)).text).toContain('It is too late for that.');
    expect((await count(company, 'audit')).map(({ action }) => action)).toEqual(['bulk.requested', 'bulk.cancelled']);
  });

  test('means the list as it was shown: its search too', async () => {
    const { company, owner } = await openShop();
    const path = location(await owner.post('/bulk', { ...wish, filter: 'q=male+7', sure: 'yes' }));
    await portal.runJobs();
    expect(Object.keys(await tagsOf(portal, company))).toEqual(['male 7']);
    expect(textOf((await owner.get(path)).text)).toContain('found by “male 7”');
  });

  test('whose filter asks for the very tag that is taken off loses it everywhere', async () => {
    const { company, owner, ids } = await openShop();
    await owner.post('/bulk', { ids: ids.slice(0, 40), what: 'tag', tag: 'VIP' });
    const id = await tagId(portal, company, 'VIP');
    await owner.post('/bulk', {
      scope: 'all',
      filter: `where=tag%3Ais%3A${id}`,
      what: 'untag',
      tag: 'VIP',
      sure: 'yes',
    });
    await portal.runJobs();
    expect(await tagsOf(portal, company)).toEqual({});
  });

  test('of a segment that is gone meanwhile are nobody: it is said, not done to everybody', async () => {
    const { company, owner } = await openShop();
    const gone = { ...wish, filter: 'segment=01a200e9-055f-73b0-aea0-6aeeed4cf0d1', sure: 'yes' };
    const answer = await owner.post('/bulk', gone);
    expect([answer.status, answer.text.includes('The segment of this list is gone.')]).toEqual([422, true]);
    expect(await count(company, 'bulk')).toEqual([]);
  });

  test('at most three at a time in one company', async () => {
    const { company, owner } = await openShop();
    for (const name of ['A', 'B', 'C']) await ask(portal, company, { name });
    const answer = await owner.post('/bulk', { ...wish, sure: 'yes' });
    expect([answer.status, answer.text.includes('Three bulk actions are on their way already.')]).toEqual([422, true]);
    await portal.runJobs();
  });

  test('an undo by hundreds is a job too, and its page tells when it is done', async () => {
    const company = await makeCompany(portal);
    await storePeople(
      portal.tenancy,
      company,
      Array.from({ length: 150 }, (_, n) => person({ name: `C ${n}` })),
    );
    const owner = await memberOf(portal, company);
    const id = await ask(portal, company);
    await portal.runJobs();
    const path = `/bulk/${id}`;
    expect((await owner.get(path)).text).toContain(`action="${path}/undoing"`);
    await owner.post(`${path}/undoing`);
    expect(textOf((await owner.get(path)).text)).toContain('0 of 150');
    await portal.runJobs();
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'undone', undone: 150 });
    expect(await stateOf(portal, company)).toEqual([]);
  });
});

test('the list of bulk actions says what to do while there is none', async () => {
  const { owner } = await openShop();
  expect(textOf((await owner.get('/bulk')).text)).toContain('No bulk actions yet');
});
