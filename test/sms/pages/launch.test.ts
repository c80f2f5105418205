import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as consents from '../../../src/consents/consents.ts';
import { ingestOrders } from '../../../src/ingest/ingest.ts';
import { sql } from '../../../src/platform/db.ts';
import type { TestApp } from '../../make.ts';
import { rows } from '../../tags/make.ts';
import { launchDraft, makeSeller, openPortal, phoneOf, type Seller, seenIn, writeDraft } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const silence = ({ company }: Seller, phone: string) =>
  portal.tenancy.inCompany(company, (db) =>
    consents.suppress(db, { addressKey: db.keyOfPhone(phone), hint: phone.slice(-2), reason: 'stop', userId: null }),
  );

const quiet = ({ company }: Seller, hours: string) =>
  portal.database.prisma.$executeRaw(sql`update company set quiet_hours = ${hours} where id = ${company.id}::uuid`);

const sent = ({ company }: Seller) =>
  rows<{ address: string; body: string }>(
    portal,
    sql`select address, body from delivery where company_id = ${company.id}::uuid and state <> 'skipped' order by address`,
  );

describe('P-07 before the launch', () => {
  test('it is told who gets it, who does not and why, and each of them is listed', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert', 'Cora']);
    await silence(seller, phoneOf(1));
    const path = await writeDraft(seller);
    const draft = await seller.owner.get(path);
    expect(draft.text).toMatch(/Recipients<\/dt><dd><a[^>]*>2</);
    expect(draft.text).toContain('Said STOP');
    const skipped = await seller.owner.get(`${path}/recipients?reason=stop`);
    expect(skipped.text).toContain('Bert');
    expect(skipped.text).not.toContain('Cora');
    expect(skipped.text).toContain('1 customer</p>');
    expect(skipped.text).not.toContain('<th scope="col">Text</th>');
    const all = await seller.owner.get(`${path}/recipients`);
    for (const text of ['Hi Ann', 'Hi Cora', '2 customers</p>']) expect(all.text).toContain(text);
    expect(all.text).not.toContain('Hi Bert');
  });

  test('what changed since the look is shown again instead of being sent', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const path = await writeDraft(seller);
    const draft = await seller.owner.get(path);
    const seen = seenIn(draft.text);
    await silence(seller, phoneOf(0));
    const answer = await seller.owner.post(`${path}/launch`, { seen });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('Something has changed since you looked');
    expect(await sent(seller)).toEqual([]);
    expect((await launchDraft(seller, path)).status).toBe(303);
  });

  test('the question comes with what was looked at, and not without it', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = await writeDraft(seller);
    expect((await seller.owner.get(`${path}/launch`)).headers.location).toBe(path);
    expect((await seller.owner.post(`${path}/launch`, { seen: 'x' })).status).toBe(409);
  });

  test('what nobody would get, and what is dearer than the budget, cannot be launched', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { company } = seller;
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 2500000, 'UAH')
      on conflict do nothing`);
    await portal.database.prisma.$executeRaw(sql`update company set sms_budget = 100 where id = ${company.id}::uuid`);
    const dear = await seller.owner.get(await writeDraft(seller));
    expect(dear.text).toContain('It may cost UAH');
    expect(seenIn(dear.text)).toBe('');
    await portal.database.prisma.$executeRaw(sql`update company set sms_budget = null where id = ${company.id}::uuid`);
    const nobody = await seller.owner.get(await writeDraft(seller, { to: 'chosen', filter: 'q=zzz' }));
    expect(nobody.text).toContain('Nobody would get it');
    expect(seenIn(nobody.text)).toBe('');
  });
});

describe('P-07 the look and the last question say', () => {
  test('what Viber with SMS in its place costs, where only SMS have a price', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 2500000, 'UAH')
      on conflict do nothing`);
    const path = await writeDraft(seller, { channel: 'viber', fallback: 'on' });
    const look = await seller.owner.get(path);
    const said = ['up to UAH', 'if all go by SMS; the price of Viber is unknown', 'Viber is not set up'];
    for (const text of [...said, 'SMS where Viber does not arrive']) expect(look.text).toContain(text);
    const asked = await seller.owner.get(`${path}/launch?seen=${seenIn(look.text)}`);
    for (const text of said) expect(asked.text).toContain(text);
  });

  test('when and how it goes, with the text of the first one', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    await quiet(seller, '20:00-9:00');
    portal.setNow(new Date('2099-07-01T19:30:00Z'));
    const path = await writeDraft(seller, { expiresAt: '2099-07-03T10:00', channel: 'viber', fallback: 'on' });
    const asked = await seller.owner.get(`${path}/launch?seen=${seenIn((await seller.owner.get(path)).text)}`);
    portal.setNow(null);
    for (const text of [
      'Quiet hours: sending waits until',
      'Viber, then SMS',
      'The portal’s own',
      'Hi Ann',
      'Not after',
    ])
      expect(asked.text).toContain(text);
    expect(asked.text).toMatch(/The last one leaves<\/dt><dd>/);
    expect(asked.text).not.toContain('{{first_name');
  });

  test('that nobody can get what goes stale in quiet hours', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    await quiet(seller, '20:00-9:00');
    portal.setNow(new Date('2099-07-01T19:30:00Z'));
    const path = await writeDraft(seller, { expiresAt: '2099-07-02T08:00' });
    const look = await seller.owner.get(path);
    portal.setNow(null);
    expect(look.text).toContain('Nobody can get it');
    expect(seenIn(look.text)).toBe('');
  });
});

describe('P-07 a launched campaign', () => {
  test('goes to the frozen list, whatever becomes of the customers later', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const path = await writeDraft(seller);
    expect((await launchDraft(seller, path)).headers.location).toBe(path);
    const late = { externalId: 'late', placedAt: new Date().toISOString(), currency: 'UAH', total: '1.00' };
    const customer = { name: 'Late', phones: [phoneOf(9)] };
    await ingestOrders(portal.tenancy, seller.company, [{ ...late, customer }], new Date());
    await portal.runJobs();
    expect(await sent(seller)).toEqual([
      { address: phoneOf(0), body: 'Hi Ann' },
      { address: phoneOf(1), body: 'Hi Bert' },
    ]);
    for (const way of ['edit', 'recipients', 'launch', 'test']) {
      expect((await seller.owner.get(`${path}/${way}`)).headers.location).toBe(path);
    }
    expect((await seller.owner.post(`${path}/launch`, { seen: 'x' })).headers.location).toBe(path);
    expect((await seller.owner.get(path)).text).toContain('It has been launched already.');
    const shown = await seller.owner.get(path);
    for (const text of ['Finished', '2 sent', 'Hi Ann']) expect(shown.text).toContain(text);
  });

  test('is paused, goes on, and is cancelled for good', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const { owner } = seller;
    const path = await writeDraft(seller);
    await launchDraft(seller, path);
    expect((await owner.post(`${path}/pause`)).headers.location).toBe(path);
    await portal.runJobs();
    expect((await owner.get(path)).text).toContain('Paused by hand');
    expect(
      await rows(
        portal,
        sql`select 1 from delivery where company_id = ${seller.company.id}::uuid and called_at is not null`,
      ),
    ).toEqual([]);
    await owner.post(`${path}/resume`);
    await owner.post(`${path}/pause`);
    expect((await owner.get(`${path}/cancellation`)).text).toContain('Cancel “Autumn”?');
    await owner.post(`${path}/cancellation`);
    await portal.runJobs();
    const over = await owner.get(path);
    expect(over.text).toContain('The campaign was cancelled');
    expect(await sent(seller)).toEqual([]);
    await owner.post(`${path}/resume`);
    expect((await owner.get(path)).text).toContain('This is no longer possible.');
    expect((await owner.get(`${path}/cancellation`)).status).toBe(404);
  });

  test('is reported by state, with reasons in words, and as a file that runs no formula', async () => {
    const seller = await makeSeller(portal, ['=1+1', 'Bert']);
    const { owner } = seller;
    await silence(seller, phoneOf(1));
    const path = await writeDraft(seller);
    await launchDraft(seller, path);
    await portal.runJobs();
    const skipped = await owner.get(`${path}?show=skipped`);
    expect(skipped.text).toContain('Bert');
    expect(skipped.text).not.toContain('=1+1');
    const csv = await owner.get(`${path}/report/file?format=csv`);
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text.split('\r\n')).toHaveLength(4);
    expect(csv.text).toContain("'=1+1,+380671000000");
    expect(csv.text).toContain('Said STOP');
    expect(csv.text).toContain('Customer,Phone,Country,Channel,Second try,');
    const xlsx = await owner.agent.get(`${path}/report/file`).responseType('blob');
    expect(xlsx.headers['content-type']).toContain('spreadsheetml');
    expect((xlsx.body as Buffer).subarray(0, 2).toString()).toBe('PK');
  });
});

describe('P-07 the page of what was launched', () => {
  test('says that a channel is not set up, and does not look again for what has had its last word', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = await writeDraft(seller, { channel: 'viber' });
    await launchDraft(seller, path);
    expect((await seller.owner.get(path)).text).toContain('hx-trigger="every');
    await portal.runJobs();
    const shown = (await seller.owner.get(path)).text;
    for (const text of ['Viber is not set up: 1 message is kept', 'In the outbox']) expect(shown).toContain(text);
    expect(shown).not.toContain('hx-trigger="every');
  });

  test('says when the provider is tried again, and when it is only quiet', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = await writeDraft(seller);
    await launchDraft(seller, path);
    await portal.database.prisma.$executeRaw(sql`
      update delivery set attempts = 1, due_at = now() + interval '1 minute' where company_id = ${seller.company.id}::uuid`);
    expect((await seller.owner.get(path)).text).toContain('tried again at');
    await quiet(seller, '0:00-23:59');
    expect((await seller.owner.get(path)).text).toContain('Quiet hours: sending waits until');
  });

  test('keeps the focus on a link when it looks again by itself: each has a name of its own', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = await writeDraft(seller);
    await launchDraft(seller, path);
    for (const page of [path, '/sms']) {
      const { text } = await seller.owner.get(page);
      const [, swapped = ''] = text.split(/<div id="campaigns?"/);
      const links = swapped.split('</main>')[0]?.match(/<a [^>]*>/g) ?? [];
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter((link) => !link.includes(' id="') && !link.includes('pop-link'))).toEqual([]);
    }
  });
});

describe('P-02 a test to oneself', () => {
  test('leaves at once, ten times a day', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const { owner } = seller;
    const path = await writeDraft(seller);
    await owner.get(path);
    const wrong = await owner.post(`${path}/test`, { number: 'twelve' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('This is no phone number.');
    for (let n = 0; n < 10; n++) {
      expect((await owner.post(`${path}/test`, { number: '067 555 44 33' })).headers.location).toBe(path);
    }
    expect((await owner.post(`${path}/test`, { number: '067 555 44 33' })).text).toContain('10 tests today');
    await portal.runJobs();
    expect((await sent(seller)).map(({ address }) => address)).toEqual(Array(10).fill('+380675554433'));
    expect((await owner.get(path)).text).toContain('value="+380675554433"');
    expect((await owner.get('/sms?kind=test')).text).toContain('Autumn');
  });
});

describe('P-02 to one customer', () => {
  test('the text leaves and is shown with what became of it', async () => {
    const seller = await makeSeller(portal, ['Ann', 'Bert']);
    const { owner, ids } = seller;
    const path = `/customers/${ids.get('Bert')}/sms`;
    expect((await owner.get(path)).text).toContain('No messages to this customer yet');
    const empty = await owner.post(path, { body: ' ' });
    expect(empty.status).toBe(422);
    expect((await owner.post(path, { channel: 'sms', body: 'Your parcel is here, {{first_name}}' })).status).toBe(303);
    await portal.runJobs();
    expect(await sent(seller)).toEqual([{ address: phoneOf(1), body: 'Your parcel is here, Bert' }]);
    const tab = await owner.get(path);
    for (const text of ['Your parcel is here, Bert', 'Written by hand', 'In the outbox'])
      expect(tab.text).toContain(text);
    const list = (await owner.get('/sms?kind=one')).text;
    expect(list).toContain('To Bert');
    const [row] = await rows<{ name: string }>(
      portal,
      sql`select name from campaign where company_id = ${seller.company.id}::uuid and kind = 'one'`,
    );
    expect(row?.name).toBe('Bert');
  });

  test('beyond the budget it is told with the sums, and where to raise it; the text is kept', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = `/customers/${seller.ids.get('Ann')}/sms`;
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 2500000, 'UAH')
      on conflict do nothing`);
    await portal.database.prisma.$executeRaw(
      sql`update company set sms_budget = 100 where id = ${seller.company.id}::uuid`,
    );
    await seller.owner.get(path);
    const dear = await seller.owner.post(path, { channel: 'sms', body: 'Typed for long' });
    expect(dear.status).toBe(422);
    for (const text of ['it may cost UAH', 'href="/settings/sms">Raise the budget', 'Typed for long'])
      expect(dear.text).toContain(text);
    expect(dear.text).not.toContain('id="d-body"');
    expect(await sent(seller)).toEqual([]);
  });

  test('the customer’s page leads there', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const page = await seller.owner.get(`/customers/${seller.ids.get('Ann')}`);
    expect(page.text).toMatch(/<a class="btn" href="[^"]*\/sms">.*Send SMS/);
  });

  test('after STOP there is no form, and nothing goes', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = `/customers/${seller.ids.get('Ann')}/sms`;
    await seller.owner.get(path);
    await silence(seller, phoneOf(0));
    expect((await seller.owner.get(path)).text).toContain('said STOP');
    const forced = await seller.owner.post(path, { channel: 'sms', body: 'Hi' });
    expect(forced.status).toBe(422);
    expect(await sent(seller)).toEqual([]);
    expect((await seller.owner.get('/sms?kind=one')).text).toContain('No messages to single customers yet');
  });

  test('in quiet hours it waits, unless it is wanted now anyway', async () => {
    const seller = await makeSeller(portal, ['Ann']);
    const path = `/customers/${seller.ids.get('Ann')}/sms`;
    await portal.database.prisma.$executeRaw(
      sql`update company set quiet_hours = '0:00-23:59' where id = ${seller.company.id}::uuid`,
    );
    portal.setNow(new Date('2026-11-20T12:00:00Z'));
    expect((await seller.owner.get(path)).text).toContain('It is quiet time now');
    await seller.owner.post(path, { channel: 'sms', body: 'Later' });
    await seller.owner.post(path, { channel: 'sms', body: 'Now', now: 'on' });
    portal.setNow(null);
    const due = await rows<{ body: string; due_at: Date }>(
      portal,
      sql`select body, due_at from delivery where company_id = ${seller.company.id}::uuid order by body`,
    );
    expect(due).toEqual([
      { body: 'Later', due_at: new Date('2026-11-20T21:59:00Z') },
      { body: 'Now', due_at: new Date('2026-11-20T12:00:00Z') },
    ]);
  });

  test('of another company is not there', async () => {
    const [ours, theirs] = [await makeSeller(portal, ['Ann']), await makeSeller(portal, ['Bert'])];
    const id = theirs.ids.get('Bert');
    expect((await ours.owner.get(`/customers/${id}/sms`)).status).toBe(404);
    expect((await ours.owner.post(`/customers/${id}/sms`, { body: 'Hi' })).status).toBe(404);
  });
});
