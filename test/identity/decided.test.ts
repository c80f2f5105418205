import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as identity from '../../src/identity/identity.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { makeShop, NO_DRIFT, openPortal, order, type Portal, type Shop } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const phone = (n: number) => `+38067123450${n}`;
const onPhone = (n: number, name = 'Olena') => ({ phones: [phone(n)], name });
const userId = null;

const decide = <T>(shop: Shop, work: (db: CompanyDb) => Promise<T>): Promise<T> =>
  shop.tenancy.inCompany(shop.company, async (db) => {
    await identity.lock(db);
    return work(db);
  });

/** Whose each order is, by the name of the customer, and why. */
const whose = async (shop: Shop) =>
  Object.fromEntries(
    (
      await shop.query<{ order: string; phones: string | null; rule: string | null }>(sql`
        select a.external_id as order, a.because_rule as rule,
               (select string_agg(right(k.value, 1), '' order by k.value) from contact k where k.customer_id = a.customer_id and k.kind = 'phone') as phones
        from arrival a order by 1`)
    ).map((row) => [row.order, `${row.phones ?? 'nobody'} ${row.rule ?? ''}`.trim()]),
  );

const idOf = async (shop: Shop, externalId: string) =>
  (
    await shop.query<{ customer: string; arrival: string }>(
      sql`select id as arrival, customer_id as customer from arrival where external_id = ${externalId}`,
    )
  )[0] ?? { customer: '', arrival: '' };

test('two customers that a person merged are one, later orders too, and undoing it gives each its own again', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2)));
  const [a, b] = [await idOf(shop, 'A'), await idOf(shop, 'B')];
  const { stepId } = await decide(shop, (db) => identity.merge(db, { customerIds: [b.customer, a.customer], userId }));
  await shop.orders(order('C', onPhone(2)));
  expect(await whose(shop)).toEqual({ A: '12 new', B: '12 new', C: '12 known' });
  expect((await shop.only()).orders_count).toBe(3n);
  expect((await shop.only()).id).toBe(a.customer);
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect(await whose(shop)).toEqual({ A: '1 new', B: '2 new', C: '2 known' });
  expect((await idOf(shop, 'C')).customer).toBe(b.customer);
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('a customer taken out again stays apart: an order that names both goes to its strongest contact and says so', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', { emails: ['b@example.com'], name: 'Bohdan' }));
  await shop.orders(order('AB', { phones: [phone(1)], emails: ['b@example.com'] }));
  const { customer } = await idOf(shop, 'A');
  expect((await idOf(shop, 'B')).customer).toBe(customer);
  await decide(shop, (db) =>
    identity.split(db, { customerId: customer, contacts: [{ kind: 'email', value: 'b@example.com' }], userId }),
  );
  await shop.orders(order('AB2', { phones: [phone(1)], emails: ['b@example.com'] }));
  expect(await whose(shop)).toEqual({ A: '1 new', AB: '1 split', AB2: '1 split', B: 'nobody new' });
  expect(await shop.customers()).toHaveLength(2);
  expect(await shop.query(sql`select * from duplicate where state = 'open'`)).toEqual([]);
});

test('an order moved by a person stays there when it is posted again, and later ones of the same contacts and name follow', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2, 'Bohdan')), order('C', onPhone(1, 'Bohdan')));
  const [{ arrival }, { customer }] = [await idOf(shop, 'C'), await idOf(shop, 'B')];
  const { stepId } = await decide(shop, (db) =>
    identity.move(db, { arrivalId: arrival, customerId: customer, userId }),
  );
  await shop.orders(order('C', onPhone(1, 'Bohdan'), { total: '99.00' }), order('D', onPhone(1, ' bohdan ')));
  await shop.orders(order('E', onPhone(1)));
  expect(await whose(shop)).toEqual({ A: '1 new', B: '2 new', C: '2 moved', D: '2 moved', E: '1 known' });
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect(await whose(shop)).toEqual({ A: '1 new', B: '2 new', C: '1 known', D: '1 known', E: '1 known' });
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('an order without any contact can be given to somebody', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('N', { name: 'Nobody' }));
  const [{ customer }, { arrival }] = [await idOf(shop, 'A'), await idOf(shop, 'N')];
  await decide(shop, (db) => identity.move(db, { arrivalId: arrival, customerId: customer, userId }));
  expect(await whose(shop)).toEqual({ A: '1 new', N: '1 moved' });
  await shop.orders(order('N', { name: 'Nobody' }, { total: '12.00' }));
  expect(await whose(shop)).toEqual({ A: '1 new', N: '1 moved' });
});

test('a shared phone identifies nobody: what it joined falls apart by the other proofs, and comes back when it is undone', async () => {
  const shop = await makeShop(portal);
  const by = (email: string) => ({ phones: [phone(1)], emails: [email] });
  await shop.orders(order('A', by('a@example.com')), order('B', by('b@example.com')), order('C', onPhone(1)));
  expect(await shop.customers()).toHaveLength(1);
  const contact = { kind: 'phone', value: phone(1) } as const;
  await decide(shop, (db) => identity.share(db, { contact, userId }));
  const [a, b, c] = [await idOf(shop, 'A'), await idOf(shop, 'B'), await idOf(shop, 'C')];
  expect(a.customer).not.toBe(b.customer);
  expect(c.customer).toBeNull();
  await shop.orders(order('D', by('b@example.com')));
  expect((await idOf(shop, 'D')).customer).toBe(b.customer);
  await decide(shop, (db) => identity.unshare(db, { contact, userId }));
  expect((await shop.only()).orders_count).toBe(4n);
});

test('merging what had been taken apart overrules that; undoing the merge lets it hold again', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2)));
  const [a, b] = [await idOf(shop, 'A'), await idOf(shop, 'B')];
  await decide(shop, (db) => identity.keepApart(db, { customerId: a.customer, otherId: b.customer, userId }));
  await shop.orders(order('AB', { phones: [phone(1), phone(2)] }));
  expect(await shop.customers()).toHaveLength(2);
  const { stepId } = await decide(shop, (db) => identity.merge(db, { customerIds: [a.customer, b.customer], userId }));
  expect((await shop.only()).orders_count).toBe(3n);
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect(await whose(shop)).toMatchObject({ A: '1 new', B: '2 new', AB: '1 split' });
});

test('P-09 a survivor gets the tags and the hand-written name of the merged one, and gives them back', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2)));
  const [a, b, tag] = [await idOf(shop, 'A'), await idOf(shop, 'B'), newId()];
  await shop.execute(
    sql`insert into tag (company_id, id, name, name_folded) values (current_company(), ${tag}::uuid, 'VIP', 'vip')`,
  );
  await shop.execute(
    sql`insert into customer_tag (company_id, customer_id, tag_id) values (current_company(), ${b.customer}::uuid, ${tag}::uuid)`,
  );
  await shop.execute(sql`update customer set name = 'Bohdan', name_by_hand = true where id = ${b.customer}::uuid`);
  const said = () =>
    shop.query(sql`
      select name, (select count(*)::int from customer_tag t where t.customer_id = c.id) as tags
      from customer c where listed order by created_at, id`);
  const { stepId } = await decide(shop, (db) => identity.merge(db, { customerIds: [a.customer, b.customer], userId }));
  expect(await said()).toEqual([{ name: 'Bohdan', tags: 1 }]);
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect(await said()).toEqual([
    { name: 'Olena', tags: 0 },
    { name: 'Bohdan', tags: 1 },
  ]);
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('a decision about what is not there any more is refused, and a rehearsal leaves no trace', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2)));
  const [a, b] = [await idOf(shop, 'A'), await idOf(shop, 'B')];
  const customerIds = [a.customer, b.customer];
  await expect(decide(shop, (db) => identity.merge(db, { customerIds: [a.customer], userId }))).rejects.toThrow('same');
  await expect(
    decide(shop, (db) => identity.merge(db, { customerIds: [a.customer, newId()], userId })),
  ).rejects.toThrow('same');
  const contacts = [{ kind: 'phone', value: phone(1) } as const];
  const split = (id: string) => decide(shop, (db) => identity.split(db, { customerId: id, contacts, userId }));
  await expect(split(b.customer)).rejects.toThrow('gone');
  await expect(split(a.customer)).rejects.toThrow('everything');
  await decide(shop, async (db) => {
    const seen = await identity.rehearse(db, async () => {
      await identity.merge(db, { customerIds, userId });
      return db.query(sql`select orders_count::int as orders from customer where listed`);
    });
    expect(seen).toEqual([{ orders: 2 }]);
  });
  expect(await shop.customers()).toHaveLength(2);
  expect(await shop.query(sql`select * from decision`)).toEqual([]);
});

const three = async (shop: Shop) => {
  await shop.orders(order('A', onPhone(1)), order('B', onPhone(2)), order('C', onPhone(3)));
  return [await idOf(shop, 'A'), await idOf(shop, 'B'), await idOf(shop, 'C')].map(({ customer }) => customer) as [
    string,
    string,
    string,
  ];
};

test('of two merges into one customer either can be undone by itself', async () => {
  for (const first of [true, false]) {
    const shop = await makeShop(portal);
    const [a, b, c] = await three(shop);
    const one = await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId }));
    const two = await decide(shop, (db) => identity.merge(db, { customerIds: [a, c], userId }));
    await decide(shop, (db) => identity.undo(db, { stepId: first ? one.stepId : two.stepId, userId }));
    expect(await whose(shop)).toEqual(
      first ? { A: '13 new', B: '2 new', C: '13 new' } : { A: '12 new', B: '12 new', C: '3 new' },
    );
    expect((await idOf(shop, first ? 'B' : 'C')).customer).toBe(first ? b : c);
  }
});

test('who came by a merge of merges is taken out again under the own address, and the one between stays', async () => {
  const shop = await makeShop(portal);
  const [a, b, c] = await three(shop);
  await decide(shop, (db) => identity.merge(db, { customerIds: [b, c], userId }));
  await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId }));
  const contacts = [{ kind: 'phone', value: phone(3) } as const];
  const { stepId } = await decide(shop, (db) => identity.split(db, { customerId: a, contacts, otherId: c, userId }));
  expect(await whose(shop)).toEqual({ A: '12 new', B: '12 new', C: '3 new' });
  expect((await idOf(shop, 'C')).customer).toBe(c);
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect((await shop.only()).id).toBe(a);
});

test('what a merged customer gave goes back from everybody it had reached', async () => {
  const shop = await makeShop(portal);
  const [a, b, c] = await three(shop);
  const tag = newId();
  await shop.execute(
    sql`insert into tag (company_id, id, name, name_folded) values (current_company(), ${tag}::uuid, 'VIP', 'vip')`,
  );
  await shop.execute(
    sql`insert into customer_tag (company_id, customer_id, tag_id) values (current_company(), ${c}::uuid, ${tag}::uuid)`,
  );
  await shop.execute(sql`update customer set name = 'By hand', name_by_hand = true where id = ${c}::uuid`);
  const { stepId } = await decide(shop, (db) => identity.merge(db, { customerIds: [b, c], userId }));
  await shop.orders(order('AB', { phones: [phone(1), phone(2)], name: 'Olena' }));
  expect((await shop.only()).name).toBe('By hand');
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  expect(
    await shop.query(sql`
      select id, name, (select count(*)::int from customer_tag t where t.customer_id = c.id) as tags
      from customer c where listed order by created_at, id`),
  ).toEqual([
    { id: a, name: 'Olena', tags: 0 },
    { id: c, name: 'By hand', tags: 1 },
  ]);
});

test('orders that name nobody any more leave whoever people have decided about', async () => {
  const shop = await makeShop(portal);
  const [, b, c] = await three(shop);
  await decide(shop, (db) => identity.merge(db, { customerIds: [b, c], userId }));
  await shop.orders(order('D', { phones: [phone(1), phone(2)] }));
  const emptied = await shop.orders(...['A', 'B', 'C', 'D'].map((id) => order(id, { name: 'Nobody' })));
  expect(emptied.map(({ status }) => status)).toEqual(['updated', 'updated', 'updated', 'updated']);
  expect(await whose(shop)).toEqual({ A: 'nobody', B: 'nobody', C: 'nobody', D: 'nobody' });
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('what two customers of one merge gave goes back from above as well, both parts of it', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('D', onPhone(4)));
  const [, b, c] = await three(shop);
  const d = (await idOf(shop, 'D')).customer;
  const tag = async (customer: string, name: string) => {
    const id = newId();
    await shop.execute(
      sql`insert into tag (company_id, id, name, name_folded) values (current_company(), ${id}::uuid, ${name}, ${name})`,
    );
    await shop.execute(
      sql`insert into customer_tag (company_id, customer_id, tag_id) values (current_company(), ${customer}::uuid, ${id}::uuid)`,
    );
  };
  await tag(b, 'from b');
  await tag(c, 'from c');
  const a = (await idOf(shop, 'A')).customer;
  const { stepId } = await decide(shop, (db) => identity.merge(db, { customerIds: [a, b, c], userId }));
  await shop.orders(order('AD', { phones: [phone(1), phone(4)] }));
  expect((await shop.only()).id).toBe(d);
  await decide(shop, (db) => identity.undo(db, { stepId, userId }));
  const tagged = await shop.query(sql`
    select c.id, (select count(*)::int from customer_tag t where t.customer_id = c.id) as tags
    from customer c where listed order by created_at, id`);
  expect(tagged).toEqual([
    { id: d, tags: 0 },
    { id: b, tags: 1 },
    { id: c, tags: 1 },
  ]);
});

test('a rehearsal that is refused leaves no trace either', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A', onPhone(1)));
  await decide(shop, async (db) => {
    const refused = identity.rehearse(db, async () => {
      await db.execute(sql`update customer set name = 'Half', name_by_hand = true`);
      throw new identity.DecisionError('nothing');
    });
    await expect(refused).rejects.toThrow('nothing');
  });
  expect((await shop.only()).name).toBe('Olena');
});
