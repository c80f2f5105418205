import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeShop, message, NO_DRIFT, openPortal, order, type Portal, statuses } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  // One for each client: here they meet in the database, as those of several processes do.
  portal = await openPortal(64);
});
afterAll(() => portal.close());

const spellings = [
  '+49 170 1234567',
  '0170 1234567',
  '0049 170 1234567',
  '0170.123.45.67',
  '(0170) 123-45-67',
  '+49 (0)170 123 45 67',
  '+491701234567',
  ' 0170/1234567 ',
];
const clients = Array.from({ length: 64 }, (_, n) => n);

test('P-38 sixty-four clients at once, one new phone in many spellings: one customer, nothing lost or doubled', async () => {
  const shop = await makeShop(portal, { country: 'DE', currency: 'EUR' });
  const answers = await Promise.all(
    clients.map((client) =>
      shop.orders(
        ...[1, 2, 3].map((n) =>
          order(
            `A-${client}-${n}`,
            { phones: [spellings[(client + n) % spellings.length]] },
            { currency: 'EUR', total: `${client}.0${n}` },
          ),
        ),
      ),
    ),
  );
  const results = answers.flat();
  const customer = await shop.only();
  expect(results.map(({ status, customerId, errors }) => ({ status, customerId, errors }))).toEqual(
    results.map(() => ({ status: 'created', customerId: customer.id, errors: [] })),
  );
  const total = clients.reduce((sum, client) => sum + 3 * 100 * client + 6, 0);
  expect(customer).toMatchObject({
    orders_count: 192n,
    activities_count: 192n,
    sum_all: BigInt(total),
    sum_open: BigInt(total),
  });
  expect(await shop.contacts()).toMatchObject([{ kind: 'phone', value: '+491701234567' }]);
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('clients that post the same orders at once store each once', async () => {
  const shop = await makeShop(portal);
  const batch = ['A-1', 'A-2', 'A-3'].map((id) => order(id, { phones: ['067 123 45 67'] }));
  const answers = await Promise.all(clients.map(() => shop.orders(...batch)));
  expect(answers.filter((results) => statuses(results).every((status) => status === 'created'))).toHaveLength(1);
  expect(answers.filter((results) => statuses(results).every((status) => status === 'unchanged'))).toHaveLength(63);
  expect(new Set(answers.flat().map((result) => `${result.externalId} ${result.id} ${result.customerId}`)).size).toBe(
    3,
  );
  expect(await shop.only()).toMatchObject({ orders_count: 3n, sum_all: 3000n });
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('orders and messages at once, of people who turn out to be one another, end in one customer without a chain', async () => {
  const shop = await makeShop(portal);
  // Client n knows contacts n and n + 1: only all of them together make one person.
  const emails = (n: number) => [`p${n}@x.test`, `p${n + 1}@x.test`];
  const answers = await Promise.all(
    clients.map((n) =>
      n % 3 === 0
        ? shop.messages(message(`M-${n}`, { emails: emails(n) }, { orderExternalId: `A-${n + 1}` }))
        : shop.orders(order(`A-${n}`, { emails: emails(n) })),
    ),
  );
  expect(statuses(answers.flat())).toEqual(clients.map(() => 'created'));
  const customer = await shop.only();
  expect(customer).toMatchObject({ orders_count: 42n, threads_count: 22n });
  const elsewhere = await shop.query(sql`
    select id from customer where merged_into <> ${customer.id}::uuid
    union all select id from arrival where customer_id <> ${customer.id}::uuid`);
  expect(elsewhere).toEqual([]);
  expect(await shop.drift()).toEqual(NO_DRIFT);
});

test('companies do not wait for one another, and each has its own', async () => {
  const shops = await Promise.all(clients.slice(0, 8).map(() => makeShop(portal)));
  await Promise.all(
    shops.flatMap((shop) => clients.slice(0, 8).map((n) => shop.orders(order(`A-${n}`, { emails: ['olena@x.test'] })))),
  );
  for (const shop of shops) {
    expect(await shop.only()).toMatchObject({ orders_count: 8n });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  }
});
