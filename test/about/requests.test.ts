import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { clear } from '../../src/about/about.ts';
import { erase } from '../../src/about/requests/erasure/erase.ts';
import { copy } from '../../src/about/requests/found/copy.ts';
import { remove } from '../../src/customers/customers.ts';
import { drift, lock, merge, recompute, undo } from '../../src/identity/identity.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp, type Visitor } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import * as make from './make.ts';
import { buy, newPhone, prove, publish, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterEach(() => portal.setNow(null));
afterAll(() => portal.close());

const NO_DRIFT = { customers: 0, days: 0, uncounted: 0 };
const driftOf = (company: Company) => portal.tenancy.inCompany(company, (db) => drift(db));

const tablesWith = (text: string) => make.tablesWith(portal, text);
const ask = (person: Visitor, what: 'copy' | 'erasure') => make.ask(portal, person, what);

const customers = (company: Company) =>
  portal.tenancy.inCompany(company, (db) =>
    db.query<{ name: string; orders: string; contacts: string[] }>(sql`
      select c.name, c.orders_count::text as orders,
             array(select k.value from contact k where k.company_id = c.company_id and k.customer_id = c.id order by k.kind, k.value) as contacts
      from customer c where c.listed order by c.name`),
  );

/** Of the row that an order belongs to. */
async function nameOf(customerId: string | null | undefined): Promise<string | undefined> {
  const [row] = await portal.database.prisma.$queryRaw<{ name: string }[]>(
    sql`select name from customer where id = ${customerId ?? null}::uuid and deleted_at is not null and trash is null`,
  );
  return row?.name;
}

/** Olena's number and another person's, joined by one order that names both. */
async function makeMerged(company: Company) {
  const [phone, other] = [newPhone(), newPhone()];
  const olena = { phones: [phone], emails: [`olena-${phone.slice(-4)}@example.com`], name: `Olena ${phone.slice(-4)}` };
  const petro = { phones: [other], name: 'Petro' };
  const hers = await buy(portal, company, olena);
  const his = await buy(portal, company, petro);
  const both = await buy(portal, company, { phones: [phone, other], name: olena.name });
  await write(portal, company, { phones: [phone], name: olena.name }, `Where is it? ${olena.name}`);
  await write(portal, company, petro, 'Petro asks too');
  return { phone, other, olena, hers, his, both };
}

describe('erasure', () => {
  test('takes out of a merged customer only what names the number itself; the rest stays, and every counter is right', async () => {
    const company = await makeCompany(portal);
    const { phone, other, olena, hers, both } = await makeMerged(company);
    const stranger = await buy(portal, company, { phones: [newPhone()], name: 'Stranger' });
    expect(await customers(company)).toHaveLength(2);
    const person = await prove(portal, phone);
    const { text } = await ask(person, 'erasure');
    expect(text).toContain('1 company · 2 orders · 1 message · 1 feedback');
    expect(await customers(company)).toEqual([
      { name: 'Petro', orders: '1', contacts: [other] },
      { name: 'Stranger', orders: '1', contacts: [expect.any(String)] },
    ]);
    expect(await driftOf(company)).toEqual(NO_DRIFT);
    for (const word of [phone, olena.name, olena.emails[0] ?? ''])
      expect([word, await tablesWith(word)]).toEqual([word, []]);
    const orders = await portal.tenancy.inCompany(company, (db) =>
      db.query<{ id: string; customer_id: string | null; total: bigint; delivery_address: string | null }>(sql`
        select o.id, a.customer_id, o.total, o.delivery_address from orders o join arrival a using (company_id, id)`),
    );
    const of = (id: string) => orders.find((order) => order.id === id);
    for (const { id } of [hers, both]) {
      expect(of(id)).toMatchObject({ total: 10050n, delivery_address: null });
      expect(await nameOf(of(id)?.customer_id)).toBe('');
    }
    expect(of(stranger.id)?.delivery_address).toBe('Khreshchatyk 1, Kyiv');
    const texts = await portal.tenancy.inCompany(company, (db) =>
      db.query<{ text: string }>(sql`select text from message union all select text from feedback`),
    );
    expect(texts.map((row) => row.text).sort()).toEqual(['', '', 'Petro asks too', 'Petro asks too']);
  });

  test('goes through every company that knows the number, also one that only typed it in', async () => {
    const [one, two, none] = [await makeCompany(portal), await makeCompany(portal), await makeCompany(portal)];
    const phone = newPhone();
    await buy(portal, one, { phones: [phone], name: 'Vera' });
    const typed = newId();
    await portal.tenancy.inCompany(two, async ({ tables }) => {
      const companyId = two.id;
      await tables.customer.create({
        data: {
          companyId,
          id: typed,
          name: 'Vera Typed',
          nameFolded: 'vera typed',
          nameByHand: true,
          typed: true,
          note: 'Vera calls often',
        },
      });
      const contact = {
        companyId,
        kind: 'phone',
        value: phone,
        given: phone,
        byHand: true,
        phoneKey: keyOfPhone(phone),
      };
      await tables.contact.create({ data: { ...contact, customerId: typed, originId: typed } });
    });
    await portal.tenancy.inCompany(two, async (db) => {
      await lock(db);
      await recompute(db, [typed]);
    });
    const bystander = await buy(portal, none, { phones: [newPhone()], name: 'Bystander' });
    const { text } = await ask(await prove(portal, phone), 'erasure');
    expect(text).toContain('2 companies · 1 order');
    for (const word of [phone, 'Vera']) expect([word, await tablesWith(word)]).toEqual([word, []]);
    for (const company of [one, two]) {
      expect(await customers(company)).toEqual([]);
      expect(await driftOf(company)).toEqual(NO_DRIFT);
    }
    expect(bystander.customerId).toBeTruthy();
    expect(await customers(none)).toEqual([{ name: 'Bystander', orders: '1', contacts: [expect.any(String)] }]);
  });

  test('finds the number of a customer that was deleted, and in the proofs of a merge that people decided and undo later', async () => {
    const company = await makeCompany(portal);
    const [phone, other] = [newPhone(), newPhone()];
    const hers = await buy(portal, company, { phones: [phone], emails: ['hers@example.com'], name: 'Hers Alone' });
    const his = await buy(portal, company, { phones: [other], name: 'His Own' });
    const { stepId } = await portal.tenancy.inCompany(company, async (db) => {
      await lock(db);
      return merge(db, { customerIds: [hers.customerId, his.customerId], userId: null });
    });
    const trashed = await makeCompany(portal);
    const deleted = await buy(portal, trashed, { phones: [phone], name: 'Deleted Already' });
    await portal.tenancy.inCompany(trashed, (db) => remove(db, [deleted.customerId], null));
    const { text } = await ask(await prove(portal, phone), 'erasure');
    expect(text).toContain('2 companies · 2 orders');
    for (const word of [phone, 'Hers Alone', 'hers@example.com', 'Deleted Already']) {
      expect([word, await tablesWith(word)]).toEqual([word, []]);
    }
    expect(await customers(company)).toEqual([{ name: 'His Own', orders: '1', contacts: [other] }]);
    await portal.tenancy.inCompany(company, async (db) => {
      await lock(db);
      await undo(db, { stepId, userId: null });
    });
    expect(await customers(company)).toContainEqual({ name: 'His Own', orders: '1', contacts: [other] });
    for (const each of [company, trashed]) expect(await driftOf(each)).toEqual(NO_DRIFT);
  });

  test('is asked for once more before it happens', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    await buy(portal, company, { phones: [phone], name: 'Asked Twice' });
    const person = await prove(portal, phone);
    const { text } = await person.get('/about-me/erasure');
    expect(text).toContain('This cannot be undone.');
    await portal.runJobs();
    expect(await customers(company)).toHaveLength(1);
  });

  test('tells the company, and is written down without a name or a number', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    await buy(portal, company, { phones: [phone] });
    await ask(await prove(portal, phone), 'erasure');
    const rows = await portal.database.prisma.$queryRaw<{ action: string; subject: object }[]>(sql`
      select action, subject from audit_entry where action like 'person.%' and (company_id = ${company.id}::uuid or company_id is null)
      order by at desc, id desc limit 2`);
    expect(rows).toEqual([
      { action: 'person.erased', subject: expect.objectContaining({ orders: 1, messages: 0 }) },
      { action: 'person.erasure', subject: { request: expect.any(String), hint: phone.slice(-2) } },
    ]);
    const told = await portal.tenancy.inCompany(company, ({ tables }) => tables.notice.findMany());
    expect(told).toEqual([expect.objectContaining({ kind: 'person-erased', userId: null, data: { count: 1 } })]);
  });

  test('run again after it was cut off changes nothing more and counts the same', async () => {
    const company = await makeCompany(portal);
    const { phone } = await makeMerged(company);
    const wanted = { requestId: newId(), phone, askedAt: new Date(Date.now() - 1000) };
    const first = await portal.tenancy.inCompany(company, (db) => erase(db, wanted));
    expect(first?.counts).toMatchObject({ orders: 2, messages: 1, feedback: 1 });
    const again = await portal.tenancy.inCompany(company, (db) => erase(db, wanted));
    expect(again?.counts).toMatchObject({ orders: 2, messages: 1, feedback: 1 });
    const [row] = await portal.database.prisma.$queryRaw<{ n: number }[]>(sql`
      select count(*)::int as n from notice where company_id = ${company.id}::uuid`);
    expect(row?.n).toBe(1);
    const later = { ...wanted, requestId: newId() };
    expect(await portal.tenancy.inCompany(company, (db) => erase(db, later))).toBeNull();
  });

  test('what the shop posts again stays erased, unchanged or with news', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    const order = {
      externalId: 'again',
      placedAt: new Date(Date.now() - 60_000).toISOString(),
      currency: 'UAH',
      total: '5.00',
      customer: { phones: [phone], name: 'Comes Back' },
    };
    await ingestOrders(portal.tenancy, company, [order], new Date());
    await ask(await prove(portal, phone), 'erasure');
    const [result] = await ingestOrders(portal.tenancy, company, [order], new Date());
    expect(result?.status).toBe('unchanged');
    const [news] = await ingestOrders(portal.tenancy, company, [{ ...order, status: 'shipped' }], new Date());
    expect(news?.status).toBe('updated');
    expect(await tablesWith('Comes Back')).toEqual([]);
    expect(await customers(company)).toEqual([]);
  });

  test('leaves the reviews, which an objection hides, and the company reads no others about the number any more', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    await buy(portal, company, { phones: [phone] });
    await publish(portal, await makeCompany(portal), phone);
    const seen = () =>
      portal.tenancy.inCompany(company, (db) =>
        db.query(sql`select id from review where phone_key = ${keyOfPhone(phone)}`),
      );
    await portal.database.prisma.$executeRaw(sql`
      insert into dealing (company_id, phone_key, by_portal, first_at, last_at, counted_on)
      values (${company.id}::uuid, ${keyOfPhone(phone)}, true, now(), now(), current_date) on conflict do nothing`);
    expect(await seen()).toHaveLength(1);
    const { text } = await ask(await prove(portal, phone), 'erasure');
    expect(text).toContain('Refused a parcel');
    expect(await seen()).toEqual([]);
  });
});

describe('a copy', () => {
  test('holds what names the number, company by company, and nothing of whoever it was merged with', async () => {
    const [one, two] = [await makeCompany(portal), await makeCompany(portal)];
    const { phone, olena, his } = await makeMerged(one);
    await buy(portal, two, { phones: [phone], name: 'Olena elsewhere' });
    await publish(portal, one, phone, { text: 'Did not come' });
    const person = await prove(portal, phone);
    const { text } = await ask(person, 'copy');
    expect(text).toContain('2 companies · 3 orders · 1 message · 1 feedback');
    const file = await person.get('/about-me/copy/file');
    expect(file.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': expect.stringContaining('attachment'),
      'cache-control': 'no-store',
    });
    const said = file.body as {
      phone: string;
      reviews: { text: string }[];
      companies: {
        company: string;
        contact: { given: string };
        orders: { externalId: string }[];
        messages: object[];
      }[];
    };
    expect(said.phone).toBe(phone);
    expect(said.reviews).toEqual([expect.objectContaining({ text: 'Did not come' })]);
    expect(said.companies.map(({ company }) => company).sort()).toEqual([one.name, two.name].sort());
    const ours = said.companies.find(({ company }) => company === one.name);
    expect(ours?.orders).toHaveLength(2);
    expect(ours?.orders[0]).toMatchObject({
      name: olena.name,
      phones: [phone],
      emails: olena.emails,
      total: '100.50',
      currency: 'UAH',
      delivery: { method: 'courier', address: 'Khreshchatyk 1, Kyiv' },
      items: [{ sku: 'L-1', name: 'Lamp', quantity: '2', unitPrice: '50.25' }],
    });
    expect(JSON.stringify(said)).not.toContain(his.externalId);
    expect(JSON.stringify(said)).not.toContain('Petro');
  });

  test('is for whoever proves that number, for seven days; then it is thrown away', async () => {
    const phone = newPhone();
    await buy(portal, await makeCompany(portal), { phones: [phone], name: 'Seven Days' });
    await ask(await prove(portal, phone), 'copy');
    const other = await prove(portal, newPhone());
    expect((await other.get('/about-me/copy/file')).status).toBe(404);
    const again = await prove(portal, phone);
    expect((await again.get('/about-me/copy/file')).body).toMatchObject({ phone });
    portal.setNow(new Date(Date.now() + 8 * 86_400_000));
    await clear(portal.services);
    portal.setNow(null);
    expect((await (await prove(portal, phone)).get('/about-me/copy/file')).status).toBe(404);
  });

  test('is written down once in each company, however often its job runs', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    await buy(portal, company, { phones: [phone] });
    const wanted = { requestId: newId(), phone, askedAt: new Date(Date.now() - 1000) };
    for (const _try of [1, 2, 3]) await portal.tenancy.inCompany(company, (db) => copy(db, wanted));
    const rows = await portal.database.prisma.$queryRaw<{ subject: object }[]>(
      sql`select subject from audit_entry where action = 'person.copied' and company_id = ${company.id}::uuid`,
    );
    expect(rows).toEqual([{ subject: expect.objectContaining({ request: wanted.requestId, orders: 1 }) }]);
  });

  test('of an unknown number is empty, and made alike', async () => {
    const person = await prove(portal, newPhone());
    const { text } = await ask(person, 'copy');
    expect(text).toContain('0 companies');
    expect((await person.get('/about-me/copy/file')).body).toMatchObject({ reviews: [], looks: [], companies: [] });
  });

  test('carries hostile texts unharmed', async () => {
    const phone = newPhone();
    const hostile = `</script><script>alert(1)</script> "\\'; -- \n\t ${'\u202e'} 😀 =cmd|'/c calc'!A0`;
    await write(portal, await makeCompany(portal), { phones: [phone], name: 'Hostile' }, hostile);
    const person = await prove(portal, phone);
    await ask(person, 'copy');
    const { companies } = (await person.get('/about-me/copy/file')).body as {
      companies: { messages: { text: string }[] }[];
    };
    expect(companies[0]?.messages[0]?.text).toBe(hostile);
  });
});

test('one request of a kind at a time; the number stands in it only until it is done', async () => {
  const phone = newPhone();
  const person = await prove(portal, phone);
  await Promise.all([person.post('/about-me/copy'), person.post('/about-me/copy')]);
  await person.get('/about-me');
  await person.post('/about-me/copy');
  const rows = () =>
    portal.database.prisma.$queryRaw<{ state: string; phone: string | null }[]>(
      sql`select state, phone from person_request where phone_key = ${keyOfPhone(phone)}`,
    );
  expect(await rows()).toEqual([{ state: 'waiting', phone }]);
  expect((await person.get('/about-me')).text).toContain('Look again');
  await portal.runJobs();
  expect(await rows()).toEqual([{ state: 'done', phone: null }]);
});
