import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { sql } from '../../src/platform/db.ts';
import { exported } from '../exports/make.ts';
import { apiKey, makeApp, type TestApp } from '../make.ts';
import { bad, good, nextPhone, publishAll, type Seller, seller, words, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const setPlan = ({ company }: Seller, plan: 'paid' | 'free') =>
  portal.database.prisma.$executeRaw(sql`update company set plan = ${plan} where id = ${company.id}::uuid`);

test('P-05 reading 23: without a paid plan nothing of others’ reviews is read or counted anywhere; one’s own stay', async () => {
  const phone = nextPhone();
  const [other, reader] = [await seller(portal, { phones: [phone] }), await seller(portal, { phones: [phone] })];
  const theirs = { ...good, text: 'We never had any trouble.' };
  await write(other, phone);
  await write(reader, phone, theirs);
  const [id] = await publishAll(portal);
  const key = await apiKey(portal, reader.company);
  const call = async (query: string) =>
    (
      await request(portal.app)
        .get(`/api/v1/companies/${reader.company.slug}/customers${query}`)
        .set('Authorization', `Bearer ${key}`)
    ).text;
  const look = async () => {
    const tab = (await reader.owner.get(reader.tab)).text;
    const file = await exported(portal, (await portal.tenancy.again(reader.company)) ?? reader.company);
    return {
      others: tab.includes(bad.text),
      own: tab.includes(theirs.text),
      explained: words(tab).includes('part of the paid plan'),
      counted: /Reviews (\d)/.exec(words(tab))?.[1],
      filtered: (await reader.owner.get('/customers?where=reviews:gte:2')).text.includes(reader.customer),
      api: /"reviews(?:_count)?":\s*(\d)/i.exec(await call(''))?.[1],
      api2: (await call('?where=reviews:gte:2')).includes(reader.customer),
      file: JSON.stringify(file),
    };
  };
  const paid = await look();
  expect(paid).toMatchObject({
    others: true,
    own: true,
    explained: false,
    counted: '2',
    filtered: true,
    api: '2',
    api2: true,
  });
  await setPlan(reader, 'free');
  const free = await look();
  expect(free).toMatchObject({
    others: false,
    own: true,
    explained: true,
    counted: '1',
    filtered: false,
    api: '1',
    api2: false,
  });
  expect(free.file).not.toBe(paid.file);
  expect((await reader.owner.get(`${reader.tab}/${id}/dispute`)).status).not.toBe(200);
  // What it published itself stays with everybody else.
  expect((await other.owner.get(other.tab)).text).toContain(theirs.text);
  await setPlan(reader, 'paid');
  expect((await look()).file).toBe(paid.file);
});
