import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record, suppress } from '../../../src/consents/consents.ts';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { customersOf, draftOf, everybody, look, mobile, NOON } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const LANDLINE = '+380442345678';

async function silence(company: Company, number: string, reason: 'stop' | 'page' | 'provider' | 'hand') {
  const wanted = { addressKey: keyOfPhone(number), hint: number.slice(-2), reason, userId: null };
  await portal.tenancy.inCompany(company, (db) => suppress(db, wanted));
}

async function consent(company: Company, number: string, granted: boolean, channel: 'sms' | 'viber' = 'sms') {
  const told = { channel, addressKey: keyOfPhone(number), granted, at: NOON, source: 'test', wording: '' };
  await portal.tenancy.inCompany(company, (db) => record(db, [told], null));
}

const settings = (company: Company, sets: { consent?: string; cap?: number; budget?: number | null }) =>
  portal.database.prisma.$executeRaw(sql`
    update company set sms_consent = ${sets.consent ?? 'existing'}, sms_cap = ${sets.cap ?? 1}, sms_budget = ${sets.budget ?? null}
    where id = ${company.id}::uuid`);

/** A message that was called, in a campaign of its own. */
async function called(company: Company, customerId: string | null, number: string, at: Date, kind = 'group') {
  const campaign = newId();
  await portal.database.prisma.$executeRaw(sql`
    insert into campaign (company_id, id, kind, name, body) values (${company.id}::uuid, ${campaign}::uuid, ${kind}, 'Before', 'Before')`);
  await portal.database.prisma.$executeRaw(sql`
    insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, state, called_at)
    values (${company.id}::uuid, ${newId()}::uuid, ${campaign}::uuid, ${customerId}::uuid, 'sms', ${number}, ${keyOfPhone(number)}, 'accepted',
            ${at.toISOString()}::timestamptz)`);
}

async function reasonsOf(company: Company, wishes: Parameters<typeof draftOf>[2] = {}, now = NOON) {
  const found = await everybody(portal, company, await draftOf(portal, company, wishes), now);
  return (id: string | undefined) => {
    const one = found.get(id ?? '');
    return one && (one.reason ?? one.address);
  };
}

describe('P-02 who gets it, and why not', () => {
  test('each customer by one number; who cannot be reached is told why', async () => {
    const company = await makeCompany(portal);
    const [plain, silent, fixed, stopped, left, provider, blocked, refused] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [] },
      { phones: [LANDLINE] },
      { phones: [mobile(2)] },
      { phones: [mobile(3)] },
      { phones: [mobile(4)] },
      { phones: [mobile(5)] },
      { phones: [mobile(6)] },
    ]);
    await silence(company, mobile(2), 'stop');
    await silence(company, mobile(3), 'page');
    await silence(company, mobile(4), 'provider');
    await silence(company, mobile(5), 'hand');
    await consent(company, mobile(6), false);
    const why = await reasonsOf(company);
    expect([plain, silent, fixed, stopped, left, provider, blocked, refused].map(why)).toEqual([
      mobile(1),
      'noPhone',
      'notMobile',
      'stop',
      'stop',
      'stop',
      'blocked',
      'noConsent',
    ]);
  });

  test('the first number that can be reached is taken, and the reason of the best one told', async () => {
    const company = await makeCompany(portal);
    const [second, neither] = await customersOf(portal, company, [
      { phones: [LANDLINE, mobile(1), mobile(2)] },
      { phones: ['+380442345679', mobile(3)] },
    ]);
    await silence(company, mobile(1), 'stop');
    await silence(company, mobile(3), 'stop');
    const why = await reasonsOf(company);
    expect([why(second), why(neither)]).toEqual([mobile(2), 'stop']);
  });

  test('a number is not reached by a channel that is not among its own', async () => {
    const company = await makeCompany(portal);
    const [any, viberOnly] = await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    await portal.database.prisma.$executeRaw(sql`
      update contact set channels = '{viber,telegram}' where company_id = ${company.id}::uuid and value = ${mobile(2)}`);
    const [bySms, byViber, byMessenger] = [
      await reasonsOf(company, { channel: 'sms' }),
      await reasonsOf(company, { channel: 'viber' }),
      await reasonsOf(company, { channel: 'messenger' }),
    ];
    expect([bySms(any), bySms(viberOnly)]).toEqual([mobile(1), 'channel']);
    expect([byViber(any), byViber(viberOnly)]).toEqual([mobile(1), mobile(2)]);
    expect([byMessenger(any), byMessenger(viberOnly)]).toEqual([mobile(1), mobile(2)]);
  });

  test('a number that nobody has looked at yet gets nothing', async () => {
    const company = await makeCompany(portal);
    const [early] = await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await portal.database.prisma.$executeRaw(sql`
      update contact set mobile = null where company_id = ${company.id}::uuid and value = ${mobile(1)}`);
    expect((await reasonsOf(company))(early)).toBe('notMobile');
  });

  test('whoever was only typed in must have said yes; where the company asks first, everybody', async () => {
    const company = await makeCompany(portal);
    const [ordered, agreed, typed, typedAgreed] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [mobile(2)] },
      { phones: [mobile(3)] },
      { phones: [mobile(4)] },
    ]);
    await portal.database.prisma.$executeRaw(sql`
      update customer set activities_count = 0, orders_count = 0 where id in (${typed}::uuid, ${typedAgreed}::uuid)`);
    await consent(company, mobile(2), true);
    await consent(company, mobile(4), true);
    const four = [ordered, agreed, typed, typedAgreed];
    expect(four.map(await reasonsOf(company))).toEqual([mobile(1), mobile(2), 'noConsent', mobile(4)]);
    await settings(company, { consent: 'asked' });
    expect(four.map(await reasonsOf(company))).toEqual(['noConsent', mobile(2), 'noConsent', mobile(4)]);
    expect(four.map(await reasonsOf(company, { channel: 'viber' }))).toEqual(four.map(() => 'noConsent'));
  });

  test('to one customer no consent is needed; STOP and a block hold all the same', async () => {
    const company = await makeCompany(portal);
    const [refused, stopped] = await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    await consent(company, mobile(1), false);
    await silence(company, mobile(2), 'stop');
    await called(company, refused ?? '', mobile(1), NOON);
    const why = await reasonsOf(company, { kind: 'one', whom: { ids: [refused ?? '', stopped ?? ''] } });
    expect([why(refused), why(stopped)]).toEqual([mobile(1), 'stop']);
  });

  test('a reply goes to the number that wrote, whatever kind of number it is', async () => {
    const company = await makeCompany(portal);
    const [person] = await customersOf(portal, company, [{ phones: [mobile(1), LANDLINE] }]);
    const why = await reasonsOf(company, { kind: 'reply', whom: { ids: [person ?? ''] }, address: LANDLINE });
    expect(why(person)).toBe(LANDLINE);
  });

  test('who has had as many today as the company wants gets no more; the day is that of the company', async () => {
    const company = await makeCompany(portal);
    const [today, byNumber, yesterday, byHand] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [mobile(2), mobile(3)] },
      { phones: [mobile(4)] },
      { phones: [mobile(5)] },
    ]);
    await called(company, today ?? '', mobile(91), new Date('2026-11-20T00:00:00+02:00'));
    await called(company, null, mobile(3), NOON);
    await called(company, yesterday ?? '', mobile(4), new Date('2026-11-19T23:59:59+02:00'));
    await called(company, byHand ?? '', mobile(5), NOON, 'one');
    const four = [today, byNumber, yesterday, byHand];
    expect(four.map(await reasonsOf(company))).toEqual(['cap', 'cap', mobile(4), mobile(5)]);
    await settings(company, { cap: 2 });
    expect(four.map(await reasonsOf(company))).toEqual([mobile(1), mobile(2), mobile(4), mobile(5)]);
    await called(company, byNumber ?? '', mobile(2), NOON);
    expect((await reasonsOf(company))(byNumber)).toBe('cap');
    await settings(company, { cap: 0 });
    expect(four.map(await reasonsOf(company))).toEqual([mobile(1), mobile(2), mobile(4), mobile(5)]);
    // What leaves tomorrow is tomorrow's.
    await settings(company, { cap: 1 });
    const tomorrow = { scheduledAt: new Date('2026-11-21T12:00:00+02:00') };
    expect((await reasonsOf(company, tomorrow))(today)).toBe(mobile(1));
  });

  test('a text that gets too long, or empty, with somebody’s own data', async () => {
    const company = await makeCompany(portal);
    const [long, short, nameless] = await customersOf(portal, company, [
      { name: 'L'.repeat(200), phones: [mobile(1)] },
      { name: 'Short', phones: [mobile(2)] },
      { phones: [mobile(3)] },
    ]);
    const why = await reasonsOf(company, { body: `${'a'.repeat(1450)}{{name}}` });
    expect([why(long), why(short)]).toEqual(['tooLong', mobile(2)]);
    expect((await reasonsOf(company, { body: '{{name}}' }))(nameless)).toBe('empty');
  });

  test('S-02 a filter, a segment of the presets, and ticked customers choose them', async () => {
    const company = await makeCompany(portal);
    const [kyiv, lviv] = await customersOf(portal, company, [
      { region: 'Kyiv', phones: [mobile(1)] },
      { region: 'Lviv', phones: [mobile(2)] },
    ]);
    const filtered = await everybody(
      portal,
      company,
      await draftOf(portal, company, { whom: { filter: 'where=region:is:Kyiv' } }),
    );
    expect([...filtered.keys()]).toEqual([kyiv]);
    const ticked = await everybody(
      portal,
      company,
      await draftOf(portal, company, { whom: { ids: [lviv ?? '', newId()] } }),
    );
    expect([...ticked.keys()]).toEqual([lviv]);
  });

  test('a filter that is not understood any more finds nobody, not everybody', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = { ...(await draftOf(portal, company)), filter: 'where=nothing:is:known' };
    await expect(look(portal, company, row)).rejects.toMatchObject({ field: 'filter', message: 'sms.launch.filter' });
  });
});
