import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tellPerson } from '../../src/about/about.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { buy, newPhone, publish, smsTo } from './make.ts';

let portal: TestApp;
let company: Company;
beforeAll(async () => {
  portal = await makeApp({ PUBLIC_URL: 'https://clients.example.com' });
  company = await makeCompany(portal, { locale: 'uk' });
});
afterAll(() => portal.close());

const switchOn = (on: boolean) =>
  portal.database.prisma.$executeRaw(sql`
    insert into portal_setting (name, value) values ('reviews.tellPerson', ${String(on)}::jsonb)
    on conflict (name) do update set value = excluded.value`);

/** A published review about somebody who bought there. */
async function reviewed(phone: string, at: Company = company): Promise<string> {
  await buy(portal, at, { phones: [phone] });
  return publish(portal, at, phone);
}

test('the first published review about a number is told to its person by SMS, in the company’s language, with the address of the page', async () => {
  await switchOn(true);
  const phone = newPhone();
  await tellPerson(portal.services, await reviewed(phone));
  expect(await smsTo(portal, phone)).toEqual([
    { state: 'waiting', body: expect.stringMatching(/^Компанія .* https:\/\/clients\.example\.com\/about-me$/) },
  ]);
});

test('once: not for the second review, not for the same job again, nor for many at the same moment', async () => {
  await switchOn(true);
  const phone = newPhone();
  const ids = [await reviewed(phone), await reviewed(phone, await makeCompany(portal))];
  await Promise.all([...ids, ...ids, ...ids].map((id) => tellPerson(portal.services, id)));
  expect(await smsTo(portal, phone)).toHaveLength(1);
});

test('not where the portal has it switched off, nor where nothing was said about it', async () => {
  const phone = newPhone();
  const id = await reviewed(phone);
  await switchOn(false);
  await tellPerson(portal.services, id);
  await portal.database.prisma.$executeRaw(sql`delete from portal_setting`);
  await tellPerson(portal.services, id);
  expect(await smsTo(portal, phone)).toEqual([]);
  await switchOn(true);
  await tellPerson(portal.services, id);
  expect(await smsTo(portal, phone)).toHaveLength(1);
});

test('not of a review that was withdrawn, nor to somebody who objects to the sharing', async () => {
  await switchOn(true);
  const [withdrawn, hidden] = [newPhone(), newPhone()];
  const ids = [await reviewed(withdrawn), await reviewed(hidden)];
  await portal.database.prisma.$executeRaw(sql`update review set withdrawn_at = now() where id = ${ids[0]}::uuid`);
  await portal.database.prisma.$executeRaw(
    sql`insert into phone_sharing (phone_key, hidden_at) values (${keyOfPhone(hidden)}, now())`,
  );
  for (const id of ids) await tellPerson(portal.services, id);
  expect([...(await smsTo(portal, withdrawn)), ...(await smsTo(portal, hidden))]).toEqual([]);
});

test('an author who does not know the number any more tells nobody, and the next one can', async () => {
  await switchOn(true);
  const phone = newPhone();
  const orphan = await publish(portal, company, phone);
  await tellPerson(portal.services, orphan);
  expect(await smsTo(portal, phone)).toEqual([]);
  await tellPerson(portal.services, await reviewed(phone, await makeCompany(portal)));
  expect(await smsTo(portal, phone)).toHaveLength(1);
});
