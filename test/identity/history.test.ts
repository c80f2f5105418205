import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Contact, keyOf } from '../../src/identity/contacts.ts';
import { recompute } from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import { anyHistory, arrivals, cut, pool } from './arbitraries.ts';
import { byCustomer, components } from './components.ts';
import { feedback, makeShop, message, NO_DRIFT, openPortal, order, type Portal, type Shop } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

// Each way in which people write one contact.
const spellings = {
  account: [(value: string) => value, (value: string) => ` ${value}`],
  phone: [
    (value: string) => value,
    (value: string) => value.replace('+38', ''),
    (value: string) => value.replace('+', '00'),
    (value: string) => value.replace(/^\+380(..)(...)/, '+380 ($1) $2-'),
  ],
  email: [(value: string) => value, (value: string) => ` ${value.toUpperCase()} `],
};

function personOf(contacts: readonly Contact[], variety: number) {
  const written = contacts.map(({ kind, value }, n) => {
    const ways = spellings[kind];
    return { kind, text: ways[(variety + n) % ways.length]?.(value) ?? value };
  });
  const of = (kind: Contact['kind']) => written.flatMap((each) => (each.kind === kind ? [each.text] : []));
  return { accountId: of('account')[0] ?? null, phones: of('phone'), emails: of('email'), name: `N${variety % 3}` };
}

/** One account at most: nobody orders under two. */
const oneAccount = (contacts: readonly Contact[]) =>
  contacts.filter(({ kind }, n) => kind !== 'account' || contacts.findIndex((each) => each.kind === kind) === n);

const people = arrivals.map((each) => each.map(({ id, contacts }) => ({ id, contacts: oneAccount(contacts) })));
const histories = people.chain((incoming) => fc.tuple(fc.constant(incoming), anyHistory(incoming), fc.nat(11)));

test('P-35 to P-39 orders in any order of arrival and any batches end with the same customers, and every counter is right', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ([incoming, batches, variety]) => {
      const shop = await makeShop(portal);
      for (const batch of batches) {
        const posted = batch.map(({ id, contacts }) => orderOf(id, contacts, variety));
        const results = await shop.orders(...posted);
        expect(results.map((result) => [result.status, result.errors])).toEqual(posted.map(() => ['created', []]));
        expect(await shop.drift()).toEqual(NO_DRIFT);
      }
      const expected = components(incoming.map(({ id, contacts }) => ({ id, keys: contacts.map(keyOf) })));
      expect(byCustomer(await assigned(shop))).toEqual(expected);
      await expectSound(shop);
    }),
    { numRuns: 25 },
  );
}, 60_000);

const statuses = ['new', 'paid', 'completed', 'cancelled', 'returned'];

function orderOf(id: string, contacts: readonly Contact[], variety: number) {
  const n = Number(id.slice(2)) + variety;
  return order(id, personOf(contacts, n), {
    placedAt: new Date(Date.UTC(2026, 6 + (n % 4), 1 + n)).toISOString(),
    status: statuses[n % statuses.length],
    currency: n % 7 === 0 ? 'PLN' : 'UAH',
  });
}

const posts = fc.array(
  fc.record({
    n: fc.nat(7),
    kind: fc.constantFrom('order', 'order', 'order', 'message', 'message', 'feedback'),
    contacts: fc.shuffledSubarray([...pool], { maxLength: 3 }).map(oneAccount),
    variety: fc.nat(30),
  }),
  { minLength: 1, maxLength: 30 },
);
type Post = typeof posts extends fc.Arbitrary<(infer P)[]> ? P : never;

const again = fc.tuple(posts, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }));

test('orders, messages and feedback posted again and again with other contents leave nothing stale', async () => {
  await fc.assert(
    fc.asyncProperty(again, async ([history, cuts]) => {
      const shop = await makeShop(portal);
      await postAll(shop, cut(history, cuts));
      await expectSound(shop);
      await expectNothingStale(shop);
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('nor do they where a person is asked, and then nobody is merged', async () => {
  await fc.assert(
    fc.asyncProperty(again, async ([history, cuts]) => {
      const shop = await makeShop(portal, { identity: 'ask' });
      await postAll(shop, cut(history, cuts));
      expect(await shop.query(LEFTOVERS)).toEqual([]);
      expect(await shop.query(sql`select * from customer_merge`)).toEqual([]);
      await expectNothingStale(shop);
    }),
    { numRuns: 15 },
  );
}, 60_000);

async function postAll(shop: Shop, batches: Post[][]): Promise<void> {
  for (const batch of batches) {
    const of = (kind: string) => batch.filter((post) => post.kind === kind);
    await shop.messages(...of('message').map(messageOf));
    await shop.orders(...of('order').map((post) => orderOf(`O-${post.n}`, post.contacts, post.variety)));
    await shop.feedback(
      ...of('feedback').map((post) => feedback(`F-${post.n}`, personOf(post.contacts, post.variety))),
    );
    expect(await shop.drift()).toEqual(NO_DRIFT);
  }
}

const messageOf = ({ n, contacts, variety }: Post) =>
  message(`M-${n}`, personOf(contacts, variety), {
    threadId: variety % 2 === 0 ? `T-${n % 3}` : null,
    direction: variety % 5 === 0 ? 'out' : 'in',
    sentAt: new Date(Date.UTC(2026, 8, 1 + variety)).toISOString(),
    orderExternalId: variety % 3 === 0 ? `O-${n}` : null,
  });

const assigned = async (shop: Shop) =>
  (
    await shop.query<{ external_id: string; customer_id: string | null }>(
      sql`select external_id, customer_id from arrival`,
    )
  ).map((row) => [row.external_id, row.customer_id] as const);

// What may never be left behind, whatever the company has decided.
const LEFTOVERS = sql`
  select 'a merged customer leads to another merged one' as what, c.id::text as about
  from customer c join customer s on s.id = c.merged_into where s.merged_into is not null
  union all
  select 'a merged customer still has something', c.id::text from customer c where c.merged_into is not null
    and (exists (select from arrival a where a.customer_id = c.id) or exists (select from contact k where k.customer_id = c.id)
         or exists (select from customer_search s where s.customer_id = c.id))
  union all
  select 'a contact has no proof', k.value from contact k
  where not exists (select from evidence e where e.kind = k.kind and e.value = k.value)
  union all
  select 'a customer of nothing is left', c.id::text from customer c where c.merged_into is null
    and not exists (select from arrival a where a.customer_id = c.id) and not exists (select from contact k where k.customer_id = c.id)
  union all
  select 'the rollup counts others', sum(customers)::text from activity_rollup
  having sum(customers) <> (select count(*) from customer where merged_into is null)
  union all
  select 'sums do not add up', c.id::text from customer c where c.sum_all <> c.sum_paid + c.sum_cancelled + c.sum_open`;

// Where customers that meet are merged, what proves the same is together.
const APART = sql`
  select 'two customers share a proof' as what, e.value as about from evidence e join arrival a on a.id = e.arrival_id
  group by e.kind, e.value having count(distinct a.customer_id) > 1
  union all
  select 'an arrival is not with the owner of its contact', e.value from evidence e join arrival a on a.id = e.arrival_id
  left join contact k on k.kind = e.kind and k.value = e.value where k.customer_id is distinct from a.customer_id`;

async function expectSound(shop: Shop): Promise<void> {
  expect(await shop.query(LEFTOVERS)).toEqual([]);
  expect(await shop.query(APART)).toEqual([]);
  const [presets] = await shop.query<Presets>(PRESETS);
  expect(presets?.counted).toEqual(presets?.listed);
  expect(presets?.listed.reduce((sum, count) => sum + count, 0)).toBe(presets?.active);
}

interface Presets {
  /** New, Loyal, Inactive by the rollup, and by the customers themselves */
  counted: number[];
  listed: number[];
  /** customers with an activity */
  active: number;
}

// Three months before the day on which all this is posted, local midnight (readings 1 and 2).
const PRESETS = sql`
  with bound as (select date '2026-08-21' as day, timestamptz '2026-08-21 00:00 Europe/Kyiv' as at)
  select (
    select array[coalesce(sum(customers) filter (where class = 'one' and r.day >= bound.day), 0),
                 coalesce(sum(customers) filter (where class = 'more' and r.day >= bound.day), 0),
                 coalesce(sum(customers) filter (where class <> 'none' and r.day < bound.day), 0)]::int[]
    from activity_rollup r cross join bound
  ) as counted, (
    select array[count(*) filter (where activities_count = 1 and last_activity_at >= bound.at),
                 count(*) filter (where activities_count >= 2 and last_activity_at >= bound.at),
                 count(*) filter (where last_activity_at < bound.at)]::int[]
    from customer cross join bound where merged_into is null
  ) as listed, (
    select count(*)::int from customer where merged_into is null and activities_count > 0
  ) as active`;

/** Computing everything anew changes no word: whatever a batch touched was computed with it, the search text too. */
async function expectNothingStale(shop: Shop): Promise<void> {
  const before = await computedRows(shop);
  await shop.tenancy.inCompany(shop.company, async (db) => {
    const rows = await db.query<{ id: string }>(sql`select id from customer`);
    await recompute(
      db,
      rows.map((row) => row.id),
    );
  });
  expect(await computedRows(shop)).toEqual(before);
}

/** What is computed, without the times at which it was. */
const computedRows = (shop: Shop) =>
  shop.query(sql`
    select (to_jsonb(c) - 'updated_at')::text as row from customer c
    union all select activity_rollup::text from activity_rollup where customers <> 0
    union all select customer_search::text from customer_search
    order by row`);
