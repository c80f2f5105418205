import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, memberOf, type TestApp, type Visitor } from '../make.ts';
import { chipsIn, rows, shopWith, tagId, tagsOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

type Shop = Awaited<ReturnType<typeof shopWith>>;

async function openShop(names: readonly string[] = ['Olena', 'Ivan', 'Petro']): Promise<Shop & { owner: Visitor }> {
  const shop = await shopWith(portal, names);
  const owner = await memberOf(portal, shop.company);
  await owner.get('/tags');
  return { ...shop, owner };
}

/** Puts tags on customers through the page, `[customer, tag]`. */
async function tag({ owner }: { owner: Visitor }, pairs: readonly [string | undefined, string][]): Promise<void> {
  for (const [id, name] of pairs) {
    expect((await owner.post(`/customers/${id}/tags`, { tag: name })).status).toBe(303);
  }
}

describe('the tags of one customer', () => {
  test('P-08 P-70 a new one is added by typing it, shown as a chip, and told in the history', async () => {
    const { company, ids, owner } = await openShop();
    const answer = await owner.post(`/customers/${ids[0]}/tags`, { tag: '  Постійний   покупець ' });
    expect([answer.status, answer.headers.location]).toEqual([303, `/customers/${ids[0]}`]);
    expect(chipsIn((await owner.get(`/customers/${ids[0]}`)).text)).toEqual(['Постійний покупець']);
    expect(await tagsOf(portal, company)).toEqual({ Olena: ['Постійний покупець'] });
    const history = await rows(
      portal,
      sql`select action, changes from customer_change where customer_id = ${ids[0]}::uuid`,
    );
    expect(history).toEqual([
      { action: 'tagged', changes: [{ field: 'tags', before: null, after: 'Постійний покупець' }] },
    ]);
  });

  test('P-08 a known one is found in whatever case it is typed, and offered by name', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [
      [ids[0], 'VIP'],
      [ids[1], 'ｖｉｐ'],
      [ids[1], 'vip'],
    ]);
    expect(await tagsOf(portal, company)).toEqual({ Olena: ['VIP'], Ivan: ['VIP'] });
    expect((await owner.get(`/customers/${ids[2]}`)).text).toContain('<option value="VIP">');
  });

  test('P-64 is taken off by its button, and a second click is no mistake', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [[ids[0], 'VIP']]);
    const path = `/customers/${ids[0]}/tags/${await tagId(portal, company, 'VIP')}/removal`;
    expect((await owner.get(`/customers/${ids[0]}`)).text).toContain(`action="${path}"`);
    const back = `/customers/${ids[0]}/orders?page=1`;
    const answer = await owner.post(path, { back });
    expect([answer.status, answer.headers.location]).toEqual([303, back]);
    expect((await owner.post(path, { back: 'https://elsewhere.example' })).headers.location).toBe(
      `/customers/${ids[0]}`,
    );
    expect(await tagsOf(portal, company)).toEqual({});
  });

  test.each([
    ['', 'This must not be empty.'],
    ['x'.repeat(51), 'at most 50 characters'],
    ['\u200b\u202e', 'cannot be shown'],
  ])('%j is refused beside the field, with what was typed kept', async (name, words) => {
    const { company, ids, owner } = await openShop();
    const answer = await owner.post(`/customers/${ids[0]}/tags`, { tag: name });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).toMatch(/id="d-tag"/);
    if (name.startsWith('x')) expect(answer.text).toContain(`value="${name}"`);
    expect(words).not.toBe('');
    expect(await tagsOf(portal, company)).toEqual({});
  });

  test.each([
    '<script>alert(1)</script>',
    `"'><b onclick=x>`,
    "'; drop table tag; --",
    '{{constructor}}',
    '=1+1',
    '👩‍👩‍👧‍👦 сім’я',
    '%_\\',
  ])('%j passes unharmed', async (name) => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [[ids[0], name]]);
    expect(await tagsOf(portal, company)).toEqual({ Olena: [name] });
    for (const path of ['/tags', `/customers/${ids[0]}`]) {
      const { text } = await owner.get(path);
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('<b onclick');
    }
  });

  test('a viewer sees them and can change none', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [[ids[0], 'VIP']]);
    const viewer = await memberOf(portal, company, 'viewer');
    const page = await viewer.get(`/customers/${ids[0]}`);
    expect(chipsIn(page.text)).toEqual(['VIP']);
    expect(page.text).not.toContain(`action="/customers/${ids[0]}/tags`);
    expect((await viewer.post(`/customers/${ids[0]}/tags`, { tag: 'no' })).status).toBe(403);
    expect((await viewer.get('/tags')).text).not.toContain('<form method="post" action="/tags"');
    expect(await tagsOf(portal, company)).toEqual({ Olena: ['VIP'] });
  });

  test('whoever keeps a copy by the API learns of a change', async () => {
    const { ids, owner } = await openShop();
    const changed = () =>
      rows<{ updated_at: Date }>(portal, sql`select updated_at from customer where id = ${ids[0]}::uuid`);
    const [before] = await changed();
    await tag({ owner }, [[ids[0], 'VIP']]);
    const [after] = await changed();
    expect(after?.updated_at.getTime()).toBeGreaterThan(before?.updated_at.getTime() ?? Number.POSITIVE_INFINITY);
  });
});

describe('the list of tags', () => {
  test('counts the customers and orders of each', async () => {
    const { ids, owner } = await openShop();
    await tag({ owner }, [
      [ids[0], 'VIP'],
      [ids[1], 'VIP'],
      [ids[1], 'Опт'],
    ]);
    const { text } = await owner.get('/tags');
    expect(chipsIn(text).slice(0, 2)).toEqual(['VIP', 'Опт']);
    expect(text).toMatch(/tag%3Ais%3A[0-9a-f-]+">2</);
  });

  test('takes a new one with its colour, and refuses the name of another', async () => {
    const { owner } = await openShop();
    expect((await owner.post('/tags', { name: 'VIP', colour: 'red' })).headers.location).toBe('/tags');
    expect((await owner.get('/tags')).text).toContain('<span class="tag tag-red">VIP</span>');
    const again = await owner.post('/tags', { name: ' vip', colour: 'blue' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('Another tag is called so already.');
    expect(again.text).toContain('value=" vip"');
    expect((await owner.post('/tags', { name: 'Other', colour: 'plaid' })).status).toBe(422);
  });

  test('renames and recolours one, everywhere at once', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [
      [ids[0], 'VIP'],
      [ids[0], 'Опт'],
    ]);
    const id = await tagId(portal, company, 'VIP');
    expect((await owner.post(`/tags/${id}`, { name: 'опт', colour: 'lime' })).status).toBe(422);
    expect((await owner.post(`/tags/${id}`, { name: 'vip', colour: 'lime' })).headers.location).toBe('/tags');
    expect((await owner.get(`/customers/${ids[0]}`)).text).toContain('<span class="tag tag-lime">vip</span>');
  });

  test('merges two into one: says before what changes, and afterwards everybody has it once', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [
      [ids[0], 'VIP'],
      [ids[1], 'VIP'],
      [ids[1], 'Важливі'],
      [ids[2], 'Важливі'],
    ]);
    const [from, into] = [await tagId(portal, company, 'VIP'), await tagId(portal, company, 'Важливі')];
    expect((await owner.get(`/tags/${from}/merge`)).text).not.toContain('btn-danger');
    const preview = await owner.get(`/tags/${from}/merge?into=${into}`);
    expect(preview.text).toContain('1 customer gets the tag; 3 will have it.');
    expect(preview.text).toContain('1 customer has both');
    expect(await tagsOf(portal, company)).toMatchObject({ Ivan: ['VIP', 'Важливі'] });
    expect((await owner.post(`/tags/${from}/merge`, { into: from })).status).toBe(422);
    expect((await owner.post(`/tags/${from}/merge`, { into })).headers.location).toBe('/tags');
    await portal.runJobs();
    expect(await tagsOf(portal, company)).toEqual({ Olena: ['Важливі'], Ivan: ['Важливі'], Petro: ['Важливі'] });
    expect(await rows(portal, sql`select from tag where company_id = ${company.id}::uuid`)).toHaveLength(1);
    expect((await owner.get(`/tags/${from}`)).status).toBe(404);
  });

  test('deletes one: says before who loses it, and its name is free at once', async () => {
    const { company, ids, owner } = await openShop();
    await tag({ owner }, [
      [ids[0], 'VIP'],
      [ids[1], 'VIP'],
    ]);
    const id = await tagId(portal, company, 'VIP');
    expect((await owner.get(`/tags/${id}/removal`)).text).toContain('2 customers lose it.');
    expect((await owner.post(`/tags/${id}/removal`)).headers.location).toBe('/tags');
    expect(chipsIn((await owner.get(`/customers/${ids[0]}`)).text)).toEqual([]);
    await tag({ owner }, [[ids[2], 'VIP']]);
    await portal.runJobs();
    expect(await tagsOf(portal, company)).toEqual({ Petro: ['VIP'] });
    const left = await rows(portal, sql`select from customer_tag where company_id = ${company.id}::uuid`);
    expect(left).toHaveLength(1);
  });

  test('says what to do while there is none', async () => {
    const { owner } = await openShop();
    expect((await owner.get('/tags')).text).toContain('No tags yet');
  });
});
