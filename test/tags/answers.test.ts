import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { column, exported } from '../exports/make.ts';
import { apiKey, makeApp, memberOf, type TestApp } from '../make.ts';
import { shopWith, tagId } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function taggedShop() {
  const { company, ids } = await shopWith(portal, ['Olena', 'Ivan', 'Petro']);
  const owner = await memberOf(portal, company);
  const key = await apiKey(portal, company);
  const get = (path: string) =>
    request(portal.app).get(`/api/v1/companies/${company.slug}${path}`).set('Authorization', `Bearer ${key}`);
  const tag = async (at: number, name: string) => {
    expect((await owner.post(`/customers/${ids[at]}/tags`, { tag: name })).status).toBe(303);
  };
  return { company, ids, owner, get, tag };
}

test('P-49 the API answers the tags of each customer by name, in the list and alone', async () => {
  const { ids, get, tag } = await taggedShop();
  for (const name of ['Яблуко', 'vip', 'Авокадо']) await tag(0, name);
  const { body } = await get('/customers?sort=name');
  const tags = body.customers.map(({ name, tags }: { name: string; tags: string[] }) => [name, tags]);
  expect(tags).toEqual([
    ['Ivan', []],
    ['Olena', ['vip', 'Авокадо', 'Яблуко']],
    ['Petro', []],
  ]);
  expect((await get(`/customers/${ids[0]}`)).body.tags).toEqual(['vip', 'Авокадо', 'Яблуко']);
});

test('P-49 whoever asks for what changed since then gets whose tags changed, by hand or in bulk', async () => {
  const { company, ids, owner, get, tag } = await taggedShop();
  await tag(0, 'VIP');
  const changed = async (since: Date) => {
    const { body } = await get(`/customers?sort=name&updatedSince=${since.toISOString()}`);
    return body.customers.map(({ name }: { name: string }) => name);
  };
  const first = new Date();
  expect(await changed(first)).toEqual([]);
  await owner.post('/bulk', { ids: [ids[0] ?? '', ids[1] ?? ''], what: 'tag', tag: 'VIP' });
  // Who had it already has not changed.
  expect(await changed(first)).toEqual(['Ivan']);
  const second = new Date();
  await owner.post(`/customers/${ids[0]}/tags/${await tagId(portal, company, 'VIP')}/removal`);
  expect(await changed(second)).toEqual(['Olena']);
});

test('P-49 an export has a column of tags', async () => {
  const { company, tag } = await taggedShop();
  for (const name of ['Опт', '=VIP']) await tag(1, name);
  const table = await exported(portal, company, { filter: 'sort=name' });
  expect(column(table, 'Name')).toEqual(['Ivan', 'Olena', 'Petro']);
  expect(column(table, 'Tags')).toEqual(["'=VIP, Опт", '', '']);
});
