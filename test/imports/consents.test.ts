import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as consents from '../../src/consents/consents.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { importFile, rowsOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const held = async (company: Company, address: string) => {
  const rows = await portal.tenancy.reading(company, (db) => consents.consentsOf(db, [keyOfPhone(address)]));
  return rows.map(({ channel, granted, source }) => `${channel} ${granted} ${source}`);
};

const HEADING = 'Phone;E-mail;SMS consent;Email consent;Consent date;Consent source\n';

test('S-05 C-13 a file brings consents with their day and source; what it does not understand refuses the row', async () => {
  const company = await makeCompany(portal);
  const { id: userId } = await makeUser(portal, { company });
  const id = await importFile(
    portal,
    company,
    userId,
    `${HEADING}0671110001;a@example.com;так;no;20.11.2025;Checkout\n0671110002;;ні;;;\n0671110003;;maybe;;;\n0671110004;;yes;;11/12/2025;\n0671110005;;;;;\n`,
  );
  const rows = await rowsOf(portal, id);
  expect(rows.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'refused', 'refused', 'created']);
  expect(await held(company, '+380671110001')).toEqual(['sms true Checkout']);
  expect(await held(company, 'a@example.com')).toEqual(['email false Checkout']);
  expect(await held(company, '+380671110002')).toEqual(['sms false import']);
  for (const phone of ['+380671110003', '+380671110004', '+380671110005'])
    expect(await held(company, phone)).toEqual([]);
  const [word] = await portal.tenancy.reading(company, (db) => consents.recordsOf(db, [keyOfPhone('+380671110001')]));
  expect(word?.at.toISOString()).toBe('2025-11-19T22:00:00.000Z');
});

test('S-05 an old file that is brought again undoes no refusal, and writes nothing down twice', async () => {
  const company = await makeCompany(portal);
  const { id: userId } = await makeUser(portal, { company });
  const bring = () =>
    importFile(portal, company, userId, `${HEADING}0671110001;;yes;;;\n0671110002;;yes;;2025-11-20;\n`);
  await bring();
  const [phone, dated] = ['+380671110001', '+380671110002'].map(keyOfPhone) as [string, string];
  await portal.tenancy.inCompany(company, async (db) => {
    const refusal = { channel: 'sms' as const, granted: false, at: new Date(), source: 'phone call', wording: '' };
    await consents.record(db, [{ ...refusal, addressKey: phone }], null);
    await consents.record(db, [{ ...refusal, addressKey: dated }], null);
    await consents.suppress(db, { addressKey: phone, hint: '01', reason: 'stop', userId: null });
  });
  await bring();
  expect(await held(company, '+380671110001')).toEqual(['sms false phone call']);
  expect(await held(company, '+380671110002')).toEqual(['sms false phone call']);
  const records = await portal.tenancy.reading(company, (db) => consents.recordsOf(db, [phone, dated]));
  expect(records).toHaveLength(4);
  expect(await portal.tenancy.reading(company, (db) => consents.suppressedOf(db, [phone]))).toHaveLength(1);
});
