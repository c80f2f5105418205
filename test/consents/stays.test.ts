import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as consents from '../../src/consents/consents.ts';
import { erase, remove } from '../../src/customers/customers.ts';
import { lock, merge, undo } from '../../src/identity/identity.ts';
import { newId } from '../../src/kernel/id.ts';
import { sentTo } from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { ask, buy, newPhone, prove, tablesWith } from '../about/make.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { draftOf, look } from '../sms/audience/make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** A number that agreed and then said STOP, to which an SMS was sent and another one is planned. */
async function makeSilent(company: Company, wishes: { name?: string } = {}) {
  const phone = newPhone();
  const customer = await buy(portal, company, { phones: [phone], ...wishes });
  const addressKey = keyOfPhone(phone);
  await portal.tenancy.inCompany(company, async (db) => {
    const said = {
      channel: 'sms' as const,
      addressKey,
      granted: true,
      at: new Date('2026-11-01'),
      source: 'shop',
      wording: 'Yes',
    };
    await consents.record(db, [said], null);
    await consents.suppress(db, { addressKey, hint: phone.slice(-2), reason: 'stop', userId: null });
    const campaign = newId();
    await db.execute(sql`
      insert into campaign (company_id, id, name, body, state) values (${company.id}::uuid, ${campaign}::uuid, 'Sale', 'Hello', 'sending')`);
    for (const [state, channel] of [
      ['delivered', 'sms'],
      ['planned', 'viber'],
    ]) {
      await db.execute(sql`
        insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, body, parts, state, called_at)
        values (${company.id}::uuid, ${newId()}::uuid, ${campaign}::uuid, ${customer.customerId}::uuid, ${channel}, ${phone}, ${addressKey},
                ${`Hello ${phone}`}, 1, ${state}, case when ${state} = 'delivered' then now() end)`);
    }
  });
  return { phone, addressKey, ...customer };
}

const known = (company: Company, key: string) =>
  portal.tenancy.reading(company, async (db) => ({
    consents: (await consents.consentsOf(db, [key])).map(({ granted }) => granted),
    silent: (await consents.suppressedOf(db, [key])).map(({ reason }) => reason),
  }));

const deliveries = (company: Company) =>
  portal.tenancy.reading(company, (db) =>
    db.query<{ state: string; address: string | null; body: string; reason: string | null }>(
      sql`select state, address, body, reason from delivery where company_id = current_company() order by state`,
    ),
  );

describe('P-02 STOP and consents', () => {
  test('stay with the number when customers are merged, when that is undone, and when the order comes again', async () => {
    const company = await makeCompany(portal);
    const { id: userId } = await makeUser(portal, { company });
    const silent = await makeSilent(company);
    const other = await buy(portal, company, { phones: [newPhone()], name: 'Somebody' });
    const expected = { consents: [true], silent: ['stop'] };
    const customerIds = [other.customerId, silent.customerId];
    const { stepId } = await portal.tenancy.inCompany(company, async (db) => {
      await lock(db);
      return merge(db, { customerIds, userId });
    });
    expect(await known(company, silent.addressKey)).toEqual(expected);
    const survivor = await portal.tenancy.reading(company, (db) =>
      db.query<{ id: string }>(sql`select id from customer where company_id = current_company() and listed`),
    );
    const sent = await portal.tenancy.reading(company, (db) =>
      sentTo(db, String(survivor[0]?.id), { per: 10, before: null }),
    );
    expect(sent.deliveries).toHaveLength(2);
    await portal.tenancy.inCompany(company, async (db) => {
      await lock(db);
      await undo(db, { stepId, userId });
    });
    expect(await known(company, silent.addressKey)).toEqual(expected);
    await buy(portal, company, { phones: [silent.phone] });
    expect(await known(company, silent.addressKey)).toEqual(expected);
  });

  test('a deleted customer keeps both; an erased one keeps only the STOP, as a key, also when the number comes again', async () => {
    const company = await makeCompany(portal);
    const { id: userId } = await makeUser(portal, { company });
    const { phone, addressKey, customerId } = await makeSilent(company);
    await portal.tenancy.inCompany(company, (db) => remove(db, [customerId], userId));
    expect(await known(company, addressKey)).toEqual({ consents: [true], silent: ['stop'] });
    await portal.tenancy.inCompany(company, (db) => erase(db, [customerId], userId));
    expect(await known(company, addressKey)).toEqual({ consents: [], silent: ['stop'] });
    expect(await tablesWith(portal, phone)).toEqual([]);
    expect(await deliveries(company)).toEqual([
      { state: 'delivered', address: null, body: '', reason: null },
      { state: 'skipped', address: null, body: '', reason: 'cancelled' },
    ]);
    await buy(portal, company, { phones: [phone] });
    expect(await known(company, addressKey)).toEqual({ consents: [], silent: ['stop'] });
  });

  test.each(['by the company', 'by the person'])(
    'a refusal outlives an erasure %s as a key that gets nothing',
    async (by) => {
      const company = await makeCompany(portal);
      const { id: userId } = await makeUser(portal, { company });
      const [phone, other] = [newPhone(), newPhone()];
      const { customerId } = await buy(portal, company, { phones: [phone], emails: [`${phone.slice(1)}@example.com`] });
      const told = (addressKey: string, channel: consents.Channel, granted: boolean) => ({
        ...{ channel, addressKey, granted, at: new Date('2026-11-01'), source: 'api', wording: '' },
      });
      await portal.tenancy.inCompany(company, (db) =>
        consents.record(
          db,
          [
            told(keyOfPhone(phone), 'sms', false),
            told(keyOfPhone(`${phone.slice(1)}@example.com`), 'email', false),
            told(keyOfPhone(other), 'sms', false),
          ],
          null,
        ),
      );
      if (by === 'by the person') await ask(portal, await prove(portal, phone), 'erasure');
      else
        await portal.tenancy.inCompany(company, async (db) => {
          await remove(db, [customerId], userId);
          await erase(db, [customerId], userId);
        });
      expect(await known(company, keyOfPhone(phone))).toEqual({ consents: [], silent: ['stop'] });
      expect(await known(company, keyOfPhone(`${phone.slice(1)}@example.com`))).toMatchObject({ silent: [] });
      expect(await known(company, keyOfPhone(other))).toEqual({ consents: [false], silent: [] });
      await buy(portal, company, { phones: [phone] });
      const run = await look(portal, company, await draftOf(portal, company));
      expect(run).toMatchObject({ recipients: 0, skipped: { stop: 1 } });
    },
  );

  test.each(['by the company', 'by the person'])(
    'an erasure %s leaves no number in a provider’s words, nor in what was kept by any channel',
    async (by) => {
      const company = await makeCompany(portal);
      const { id: userId } = await makeUser(portal, { company });
      const { phone, customerId } = await makeSilent(company);
      const { prisma } = portal.database;
      await prisma.$executeRaw(sql`
      update delivery set reason = ${`The number ${phone} is unreachable`}
      where company_id = ${company.id}::uuid and state = 'delivered'`);
      for (const channel of ['sms', 'viber', 'messenger'])
        await prisma.$executeRaw(sql`
        insert into outbox (id, company_id, channel, address, body, state)
        values (${newId()}::uuid, ${company.id}::uuid, ${channel}, ${phone}, 'Hello', 'kept')`);
      if (by === 'by the person') await ask(portal, await prove(portal, phone), 'erasure');
      else
        await portal.tenancy.inCompany(company, async (db) => {
          await remove(db, [customerId], userId);
          await erase(db, [customerId], userId);
        });
      expect(await tablesWith(portal, phone)).toEqual([]);
    },
  );

  test('a consent of a number that somebody else has by then stays theirs', async () => {
    const company = await makeCompany(portal);
    const { id: userId } = await makeUser(portal, { company });
    const { phone, addressKey, customerId } = await makeSilent(company);
    await portal.tenancy.inCompany(company, (db) => remove(db, [customerId], userId));
    await buy(portal, company, { phones: [phone], name: 'Who has it now' });
    await portal.tenancy.inCompany(company, (db) => erase(db, [customerId], userId));
    expect(await known(company, addressKey)).toEqual({ consents: [true], silent: ['stop'] });
  });

  test('the person gets a copy of both and of what was sent, and erases all but the STOP', async () => {
    const company = await makeCompany(portal, { name: 'Copied company' });
    const { phone, addressKey } = await makeSilent(company, { name: 'Person Proven' });
    const person = await prove(portal, phone);
    await ask(portal, person, 'copy');
    const file = await person.agent.get('/about-me/copy/file').buffer(true);
    const copy = JSON.parse(file.text ?? file.body.toString());
    expect(copy.companies[0]).toMatchObject({
      consents: [{ channel: 'sms', granted: true, source: 'shop', wording: 'Yes' }],
      sent: [{ channel: 'sms', text: `Hello ${phone}`, state: 'delivered' }],
      silent: { reason: 'stop' },
    });
    await ask(portal, person, 'erasure');
    expect(await known(company, addressKey)).toEqual({ consents: [], silent: ['stop'] });
    expect((await deliveries(company)).map(({ address, body }) => [address, body])).toEqual([
      [null, ''],
      [null, ''],
    ]);
  });
});
