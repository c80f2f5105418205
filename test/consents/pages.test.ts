import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { smsSettings } from '../../src/companies/companies.ts';
import * as consents from '../../src/consents/consents.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { buy, newPhone } from '../about/make.ts';
import { makeApp, makeCompany, memberOf, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const stop = (company: Company, phone: string, reason: consents.Reason = 'stop') =>
  portal.tenancy.inCompany(company, (db) =>
    consents.suppress(db, { addressKey: keyOfPhone(phone), hint: phone.slice(-2), reason, userId: null }),
  );

const silent = async (company: Company, phone: string) => {
  const [row] = await portal.tenancy.reading(company, (db) => consents.suppressedOf(db, [keyOfPhone(phone)]));
  return row ? row.reason : null;
};

describe('P-02 the consents of a customer', () => {
  test('are recorded by hand with where it was said, and all of it stays in the history', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    const { customerId } = await buy(portal, company, {
      phones: [phone],
      emails: ['olena@example.com'],
      name: 'Olena',
    });
    const owner = await memberOf(portal, company);
    const path = `/customers/${customerId}/consents`;
    expect((await owner.get(path)).text).toContain('Never asked');
    const hostile = '<script>alert(1)</script>';
    const first = { what: `sms ${phone}`, granted: 'yes', source: hostile, wording: '{{7*7}}' };
    expect((await owner.post(path, first)).status).toBe(303);
    expect((await owner.post(path, { ...first, what: 'email olena@example.com', granted: 'no' })).status).toBe(303);
    const { text } = await owner.get(path);
    expect(text).not.toContain(hostile);
    for (const word of ['&lt;script&gt;', '{{7*7}}', 'Agreed', 'Refused', 'User ']) expect(text).toContain(word);
    expect((await owner.get(`/customers/${customerId}`)).text).toContain('Agreed');
    for (const [at, wrong] of Object.entries({
      granted: { ...first, granted: '' },
      source: { ...first, source: ' ' },
      what: { ...first, what: 'sms +380670000001' },
      channel: { ...first, what: `email ${phone}` },
    })) {
      const refused = await owner.post(path, wrong);
      expect([at, refused.status]).toEqual([at, 422]);
    }
    const entries = await portal.database.prisma.auditEntry.findMany({
      where: { companyId: company.id, action: 'consent.recorded' },
    });
    expect(entries).toHaveLength(2);
    expect(JSON.stringify(entries.map(({ subject }) => subject))).not.toContain(phone);
  });

  test('are read by a viewer, who changes nothing', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    const { customerId } = await buy(portal, company, { phones: [phone], name: 'Olena' });
    const viewer = await memberOf(portal, company, 'viewer');
    const page = await viewer.get(`/customers/${customerId}/consents`);
    expect([page.status, page.text.includes('name="granted"'), page.text.includes('/sms/stops/new')]).toEqual([
      200,
      false,
      false,
    ]);
    const said = { what: `sms ${phone}`, granted: 'yes', source: 'x' };
    expect((await viewer.post(`/customers/${customerId}/consents`, said)).status).toBe(403);
    expect((await viewer.post('/sms/stops', { number: phone })).status).toBe(403);
    expect((await viewer.get('/sms/stops')).status).toBe(200);
    expect(await silent(company, phone)).toBeNull();
  });
});

describe('P-02 the numbers that get nothing', () => {
  test('are found in any spelling, blocked and released by hand; what the person said is not', async () => {
    const company = await makeCompany(portal);
    const [blocked, said, unknown] = [newPhone(), newPhone(), newPhone()];
    const { customerId } = await buy(portal, company, { phones: [said], name: 'Olena Stop' });
    await stop(company, said);
    const owner = await memberOf(portal, company);
    await owner.get('/sms/stops/new');
    expect((await owner.post('/sms/stops', { number: 'none' })).status).toBe(422);
    const back = `/customers/${customerId}/consents`;
    const answer = await owner.post('/sms/stops', { number: `0${blocked.slice(4)}`, back });
    expect([answer.status, answer.headers.location]).toEqual([303, back]);
    expect(await silent(company, blocked)).toBe('hand');
    const { text } = await owner.get('/sms/stops');
    for (const word of ['Olena Stop', `… ${blocked.slice(-2)}`, '2 numbers']) expect(text).toContain(word);
    expect(text).not.toContain(blocked);
    const search = async (q: string) => (await owner.get(`/sms/stops?${new URLSearchParams({ q })}`)).text;
    expect(await search(`0${said.slice(4)}`)).toContain('Olena Stop');
    expect(await search(unknown)).toContain('not on the list');
    expect(await search('<b>')).toContain('no valid phone number');
    const removal = (phone: string) => `/sms/stops/${keyOfPhone(phone)}/removal`;
    expect((await owner.get(removal(said))).text).toContain('START');
    expect((await owner.post(removal(said))).status).toBe(422);
    expect(await silent(company, said)).toBe('stop');
    expect((await owner.post(removal(blocked), { back: 'https://example.com/' })).headers.location).toBe('/sms/stops');
    expect(await silent(company, blocked)).toBeNull();
    expect((await owner.get(removal(unknown))).status).toBe(404);
  });

  test('stand on pages, the newest first, none twice', async () => {
    const company = await makeCompany(portal);
    const phones = Array.from({ length: 53 }, () => newPhone());
    for (const phone of phones) await stop(company, phone, 'page');
    const owner = await memberOf(portal, company);
    const hints: string[] = [];
    for (let path: string | undefined = '/sms/stops'; path; ) {
      const page: string = (await owner.get(path)).text;
      hints.push(...[...page.matchAll(/<td>… (\d\d)<\/td>/g)].map(([, hint = '']) => hint));
      path = /href="([^"]+)" rel="next"/.exec(page)?.[1]?.replaceAll('&#x3D;', '=');
    }
    expect(hints).toEqual(phones.map((phone) => phone.slice(-2)).reverse());
  });
});

test('P-07 the settings of SMS are changed by the owner alone, and what was typed stays where something is wrong', async () => {
  const company = await makeCompany(portal);
  const owner = await memberOf(portal, company);
  await owner.get('/settings/sms');
  const form = { consent: 'asked', cap: '2', budget: '1500.50', quiet: 'on', from: '21:30', to: '08:00' };
  expect((await owner.post('/settings/sms', form)).status).toBe(303);
  const stored = () => portal.tenancy.reading(company, smsSettings);
  expect(await stored()).toEqual({ consent: 'asked', cap: 2, budget: 150_050n, quietHours: '21:30-08:00' });
  for (const wrong of [
    { cap: '101' },
    { cap: '-1' },
    { budget: 'much' },
    { budget: '-5' },
    { from: '25:00' },
    { from: '' },
    { to: '21:30' },
    { consent: 'never' },
  ]) {
    const refused = await owner.post('/settings/sms', { ...form, ...wrong });
    expect([JSON.stringify(wrong), refused.status]).toEqual([JSON.stringify(wrong), 422]);
  }
  const { from: _from, to: _to, quiet: _quiet, ...loud } = form;
  expect((await owner.post('/settings/sms', { ...loud, budget: '', consent: 'existing', cap: '0' })).status).toBe(303);
  expect(await stored()).toEqual({ consent: 'existing', cap: 0, budget: null, quietHours: null });
  const manager = await memberOf(portal, company, 'manager');
  expect((await manager.post('/settings/sms', form)).status).toBe(403);
});
