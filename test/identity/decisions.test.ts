import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Contact, keyOf } from '../../src/identity/contacts.ts';
import * as identity from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { pool } from './arbitraries.ts';
import { byCustomer, components } from './components.ts';
import { makeShop, NO_DRIFT, openPortal, order, type Portal, type Shop } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

// Numbers choose among whatever is there at that moment.
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('order' as const), contacts: somebody(), again: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), a: fc.nat(99), b: fc.nat(99) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('split' as const), a: fc.nat(99), which: fc.nat(127) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('apart' as const), a: fc.nat(99), b: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), a: fc.nat(99), b: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('share' as const), a: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), a: fc.nat(99) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function somebody() {
  return fc
    .shuffledSubarray([...pool], { minLength: 0, maxLength: 3 })
    .map((contacts) =>
      contacts.filter(({ kind }, n) => kind !== 'account' || contacts.findIndex((each) => each.kind === kind) === n),
    );
}

const sequences = fc.tuple(fc.array(step, { minLength: 4, maxLength: 24 }), fc.infiniteStream(fc.nat(99)));

test.each(['automatic', 'ask'] as const)(
  'P-35 to P-39 with %s: whatever people decide, every order stays exactly once; all decisions undone, it is as if none had been',
  async (policy) => {
    await fc.assert(
      fc.asyncProperty(sequences, async ([steps, choices]) => {
        const shop = await makeShop(portal, { identity: policy });
        const posted = new Map<string, readonly Contact[]>();
        for (const each of steps) {
          await take(shop, each, posted);
          await expectSound(shop, posted);
        }
        for (let left = await standing(shop); left.length > 0; left = await standing(shop)) {
          const chosen = left[(choices.next().value ?? 0) % left.length] ?? '';
          await decide(shop, (db) => identity.undo(db, { stepId: chosen, userId: null }));
          await expectSound(shop, posted);
        }
        if (policy === 'ask') return;
        const expected = components([...posted].map(([id, contacts]) => ({ id, keys: contacts.map(keyOf) })));
        expect(byCustomer(await assigned(shop))).toEqual(expected);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  },
  120_000,
);

async function take(shop: Shop, each: Step, posted: Map<string, readonly Contact[]>): Promise<void> {
  if (each.do === 'order') {
    const id = `A-${each.again % 10}`;
    const of = (kind: Contact['kind']) => each.contacts.flatMap((one) => (one.kind === kind ? [one.given] : []));
    const person = { accountId: of('account')[0] ?? null, phones: of('phone'), emails: of('email'), name: id };
    const [result] = await shop.orders(order(id, person));
    expect(result?.errors).toEqual([]);
    posted.set(id, each.contacts);
    return;
  }
  await decide(shop, (db) => decision(db, each)).catch((error: unknown) => {
    // What the person chose is not there in this shop, or says nothing.
    if (!(error instanceof identity.DecisionError)) throw error;
  });
}

async function decision(db: CompanyDb, each: Exclude<Step, { do: 'order' }>): Promise<unknown> {
  const customers = await db.query<{ id: string }>(sql`select id from customer where listed order by created_at, id`);
  const at = (n: number) => customers[n % Math.max(1, customers.length)]?.id ?? NOBODY;
  const userId = null;
  if (each.do === 'merge') return identity.merge(db, { customerIds: [at(each.a), at(each.b)], userId });
  if (each.do === 'apart') {
    return identity.keepApart(db, { customerId: at(each.a), otherId: at(each.b), userId });
  }
  if (each.do === 'split') {
    const contacts = await db.query<Contact>(
      sql`select kind, value from contact where customer_id = ${at(each.a)}::uuid order by kind, value`,
    );
    const chosen = contacts.filter((_, n) => (each.which >> (n % 7)) & 1);
    return identity.split(db, { customerId: at(each.a), contacts: chosen, userId });
  }
  if (each.do === 'move') {
    const arrivals = await db.query<{ id: string }>(sql`select id from arrival order by external_id`);
    const arrivalId = arrivals[each.a % Math.max(1, arrivals.length)]?.id ?? NOBODY;
    return identity.move(db, { arrivalId, customerId: at(each.b), userId });
  }
  if (each.do === 'share') {
    const contacts = await db.query<Contact>(sql`select kind, value from contact order by kind, value`);
    const contact = contacts[each.a % Math.max(1, contacts.length)];
    return contact && identity.share(db, { contact, userId });
  }
  const steps = await db.query<{ id: string }>(
    sql`select distinct step_id as id from decision where undone_at is null order by 1`,
  );
  return identity.undo(db, { stepId: steps[each.a % Math.max(1, steps.length)]?.id ?? NOBODY, userId });
}

const NOBODY = '00000000-0000-7000-8000-000000000000';

const decide = <T>(shop: Shop, work: (db: CompanyDb) => Promise<T>): Promise<T> =>
  shop.tenancy.inCompany(shop.company, async (db) => {
    await identity.lock(db);
    return work(db);
  });

const standing = async (shop: Shop) =>
  (
    await shop.query<{ id: string }>(
      sql`select distinct step_id as id from decision where undone_at is null order by 1`,
    )
  ).map(({ id }) => id);

const assigned = async (shop: Shop) =>
  (
    await shop.query<{ external_id: string; customer_id: string | null }>(
      sql`select external_id, customer_id from arrival`,
    )
  ).map((row) => [row.external_id, row.customer_id] as const);

/** Every order once, with a living customer or rightly with none; no counter drifts; deciding everything anew changes nothing. */
async function expectSound(shop: Shop, posted: ReadonlyMap<string, readonly Contact[]>): Promise<void> {
  expect((await assigned(shop)).map(([id]) => id).toSorted()).toEqual([...posted.keys()].toSorted());
  expect(await shop.query(WRONG)).toEqual([]);
  expect(await shop.drift()).toEqual(NO_DRIFT);
  const again = await decide(shop, async (db) => {
    const decided = await db.query<{ id: string }>(DECIDED);
    return identity.settle(
      db,
      decided.map(({ id }) => id),
      null,
    );
  });
  expect(again.touched).toEqual([]);
}

const DECIDED = sql`
  select distinct coalesce(c.merged_into, c.id) as id from decision d join customer c on c.id in (d.customer_id, d.other_id)
  where d.undone_at is null`;

const WRONG = sql`
  select 'an order is with somebody merged' as what, a.external_id as about
  from arrival a join customer c on c.id = a.customer_id where not c.listed
  union all
  select 'an order with a contact that identifies has nobody', a.external_id from arrival a
  where a.customer_id is null and exists (
    select from evidence e join contact k on k.kind = e.kind and k.value = e.value and not k.shared where e.arrival_id = a.id)
  union all
  select 'an order without any has somebody', a.external_id from arrival a
  where a.customer_id is not null and a.because_rule <> 'moved' and not exists (
    select from evidence e join contact k on k.kind = e.kind and k.value = e.value and not k.shared where e.arrival_id = a.id)
  union all
  select 'a contact is with somebody merged', k.value from contact k join customer c on c.id = k.customer_id where not c.listed
  union all
  select 'a contact''s origin leads elsewhere', k.value from contact k join customer o on o.id = k.origin_id
  where coalesce(o.merged_into, o.id) <> k.customer_id
  union all
  select 'two that were taken apart are one', d.id::text from decision d
  join customer a on a.id = d.customer_id join customer b on b.id = d.other_id
  where d.undone_at is null and d.kind in ('split', 'apart') and coalesce(a.merged_into, a.id) = coalesce(b.merged_into, b.id)
  union all
  select 'an order is not where it was moved', a.external_id from decision d join arrival a on a.id = d.arrival_id
  join customer c on c.id = d.customer_id where d.undone_at is null and d.kind = 'move' and a.customer_id is distinct from coalesce(c.merged_into, c.id)
  union all
  select 'a merged customer leads to another merged one', c.id::text
  from customer c join customer s on s.id = c.merged_into where s.merged_into is not null`;
