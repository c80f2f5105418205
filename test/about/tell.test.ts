import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { tellPerson } from '../../src/about/about.ts';
import { byDay } from '../../src/about/tell/tell.ts';
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
// Noon in Kyiv, today: what is told at night waits.
const noon = new Date(`${new Date().toISOString().slice(0, 10)}T10:00:00Z`);
beforeEach(() => portal.setNow(noon));
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

test.each([
  ['2026-11-22T06:59:59Z', 'Europe/Kyiv', '2026-11-22T07:00:00Z'],
  ['2026-11-22T07:00:00Z', 'Europe/Kyiv', '2026-11-22T07:00:00Z'],
  ['2026-11-22T17:59:59Z', 'Europe/Kyiv', '2026-11-22T17:59:59Z'],
  ['2026-11-22T18:00:00Z', 'Europe/Kyiv', '2026-11-23T07:00:00Z'],
  ['2026-10-24T22:00:00Z', 'Europe/Kyiv', '2026-10-25T07:00:00Z'],
  ['2026-11-22T23:00:00Z', 'America/New_York', '2026-11-22T23:00:00Z'],
  ['2026-11-23T01:00:00Z', 'America/New_York', '2026-11-23T14:00:00Z'],
])('at %s in %s it is told at %s', (now, zone, at) => {
  expect(byDay(new Date(now), zone)).toEqual(new Date(at));
});

test('at night it waits for the morning, and asks then whether it may still be told', async () => {
  await switchOn(true);
  const [told, objects] = [newPhone(), newPhone()];
  const night = new Date(noon.getTime() + 13 * 3_600_000);
  portal.setNow(night);
  for (const phone of [told, objects]) await tellPerson(portal.services, await reviewed(phone));
  expect([...(await smsTo(portal, told)), ...(await smsTo(portal, objects))]).toEqual([]);
  const jobs = await portal.database.prisma.$queryRaw<{ due_at: Date; payload: { reviewId: string } }[]>(
    sql`select due_at, payload from job where name = 'review.tell' and due_at > ${night}::timestamptz order by created_at`,
  );
  expect(jobs.map((job) => job.due_at.getTime())).toEqual(
    [byDay(night, 'Europe/Kyiv'), byDay(night, 'Europe/Kyiv')].map(Number),
  );
  await portal.database.prisma.$executeRaw(
    sql`insert into phone_sharing (phone_key, hidden_at) values (${keyOfPhone(objects)}, now())`,
  );
  portal.setNow(byDay(night, 'Europe/Kyiv'));
  for (const { payload } of jobs) await tellPerson(portal.services, payload.reviewId);
  expect(await smsTo(portal, told)).toHaveLength(1);
  expect(await smsTo(portal, objects)).toEqual([]);
});
