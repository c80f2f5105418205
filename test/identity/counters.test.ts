import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rebuildRollup } from '../../src/identity/identity.ts';
import { type Sql, sql } from '../../src/platform/db.ts';
import { feedback, makeShop, message, NO_DRIFT, openPortal, order, type Portal, type Shop } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const olena = { phones: ['067 123 45 67'] };

describe('who the customer is', () => {
  const said = (month: number, person: object) => ({
    placedAt: `2026-0${month}-01T10:00:00Z`,
    customer: { ...olena, ...person },
  });

  test('name, gender and region come from the latest order that gives them, each by itself', async () => {
    const shop = await makeShop(portal);
    await shop.orders(
      order('A-1', olena, said(1, { name: 'Olena K.', gender: 'female', region: 'Lviv' })),
      order('A-2', olena, said(2, { name: 'Olena Koval', region: 'Kyiv' })),
      order('A-3', olena, said(3, { name: ' ', region: '' })),
    );
    expect(await shop.only()).toMatchObject({ name: 'Olena Koval', gender: 'female', region: 'Kyiv' });
  });

  test('an older order that is posted later overrides nothing', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-2', olena, said(2, { name: 'Olena Koval' })));
    await shop.orders(order('A-1', olena, said(1, { name: 'Girl', gender: 'male', region: 'Lviv' })));
    expect(await shop.only()).toMatchObject({ name: 'Olena Koval', gender: 'male', region: 'Lviv' });
  });

  test('who never ordered is called as the latest message or feedback says, until the first order', async () => {
    const shop = await makeShop(portal);
    await shop.messages(message('M-1', { ...olena, name: 'Lena' }));
    expect(await shop.only()).toMatchObject({ name: 'Lena' });
    await shop.feedback(feedback('F-1', { ...olena, name: 'Olenka' }));
    expect(await shop.only()).toMatchObject({ name: 'Olenka' });
    await shop.orders(order('A-1', olena, said(1, { name: 'Olena Koval' })));
    expect(await shop.only()).toMatchObject({ name: 'Olena Koval' });
  });

  test('what a person typed in stays whatever orders say', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena, said(1, { name: 'Olena', gender: 'female' })));
    await shop.execute(
      sql`update customer set name = 'Dr Koval', name_by_hand = true, gender = null, gender_by_hand = true`,
    );
    await shop.orders(order('A-2', olena, said(2, { name: 'Olena', gender: 'female', region: 'Kyiv' })));
    expect(await shop.only()).toMatchObject({ name: 'Dr Koval', gender: null, region: 'Kyiv' });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });
});

describe('activities', () => {
  const thread = { threadId: 'T' };
  const at = (day: number) => ({ sentAt: `2026-11-0${day}T10:00:00Z` });

  test('every order counts, whatever its status', async () => {
    const shop = await makeShop(portal);
    const all = ['new', 'processing', 'paid', 'shipped', 'completed', 'cancelled', 'rejected', 'returned'];
    await shop.orders(...all.map((status, n) => order(`A-${n}`, olena, { status })));
    expect(await shop.only()).toMatchObject({ orders_count: 8n, activities_count: 8n });
  });

  test('a message thread counts once, a message without one is its own', async () => {
    const shop = await makeShop(portal);
    await shop.messages(
      message('M-1', olena, thread),
      message('M-2', olena, thread),
      message('M-3', olena),
      message('T', olena),
    );
    expect(await shop.only()).toMatchObject({ threads_count: 3n, activities_count: 3n });
  });

  test('a thread that only the company wrote adds its addressee, but is no activity of theirs', async () => {
    const shop = await makeShop(portal);
    await shop.messages(message('M-1', olena, { ...thread, direction: 'out' }));
    expect(await shop.only()).toMatchObject({ threads_count: 0n, activities_count: 0n, last_activity_at: null });
    await shop.messages(message('M-2', olena, { ...thread, ...at(5) }));
    expect(await shop.only()).toMatchObject({
      threads_count: 1n,
      activities_count: 1n,
      last_activity_at: new Date('2026-11-05T10:00:00Z'),
    });
  });

  test('what the company answers moves no date', async () => {
    const shop = await makeShop(portal);
    await shop.messages(message('M-1', olena, { ...thread, ...at(2) }));
    await shop.messages(message('M-2', olena, { ...thread, ...at(7), direction: 'out' }));
    expect(await shop.only()).toMatchObject({ last_activity_at: new Date('2026-11-02T10:00:00Z') });
  });

  test('a thread is unanswered while the customer has the last word, by the time it was said', async () => {
    const shop = await makeShop(portal);
    const unanswered = async () => (await shop.only()).unanswered_count;
    await shop.messages(
      message('M-3', olena, { ...thread, ...at(3), direction: 'out' }),
      message('M-1', olena, { ...thread, ...at(1) }),
    );
    expect(await unanswered()).toBe(0n);
    await shop.messages(message('M-4', olena, { ...thread, ...at(4) }), message('N-1', olena));
    expect(await unanswered()).toBe(2n);
    await shop.messages(message('M-5', olena, { ...thread, ...at(5), direction: 'out' }));
    expect(await unanswered()).toBe(1n);
  });

  const attached = message('M-1', olena, { orderExternalId: 'A-1' });
  const both = { orders_count: 1n, threads_count: 1n, activities_count: 1n };

  test('a thread that belongs to an order adds nothing to it, the order first', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena));
    await shop.messages(attached);
    expect(await shop.only()).toMatchObject(both);
  });

  test('a thread that belongs to an order adds nothing to it, the message first', async () => {
    const shop = await makeShop(portal);
    await shop.messages(attached);
    expect(await shop.only()).toMatchObject({ orders_count: 0n, threads_count: 1n, activities_count: 1n });
    await shop.orders(order('A-1', olena));
    expect(await shop.only()).toMatchObject(both);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('one message about the order makes the whole thread part of it', async () => {
    const shop = await makeShop(portal);
    await shop.messages(message('M-0', olena, thread), message('M-1', olena, { ...thread, orderExternalId: 'A-1' }));
    await shop.orders(order('A-1', olena));
    expect(await shop.only()).toMatchObject(both);
  });

  test('a message about somebody else’s order is an activity of its own, until they prove to be one', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena));
    await shop.messages(message('M-1', { emails: ['ivan@x.test'] }, { orderExternalId: 'A-1' }));
    expect((await shop.customers()).map((customer) => customer.activities_count)).toEqual([1n, 1n]);
    await shop.messages(message('M-2', { ...olena, emails: ['ivan@x.test'] }, { orderExternalId: 'A-1' }));
    expect(await shop.only()).toMatchObject({ orders_count: 1n, threads_count: 2n, activities_count: 1n });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('feedback is counted by rating, and is no activity', async () => {
    const shop = await makeShop(portal);
    await shop.feedback(...[5, 4, 3, 2, 1].map((rating) => feedback(`F-${rating}`, olena, { rating })));
    const customer = await shop.only();
    expect(customer).toMatchObject({ feedback_count: 5n, feedback_good: 2n, feedback_neutral: 1n, feedback_bad: 2n });
    expect(customer).toMatchObject({ activities_count: 0n, first_activity_at: null, last_activity_at: null });
    expect(customer.latest_at).toEqual(customer.created_at);
  });
});

describe('drift', () => {
  async function busyShop(): Promise<Shop> {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena, { status: 'paid' }), order('A-2', olena, { currency: 'PLN' }));
    await shop.messages(message('M-1', olena), message('M-2', { emails: ['ivan@x.test'] }));
    await shop.feedback(feedback('F-1', { accountId: 'u-1' }));
    expect(await shop.drift()).toEqual(NO_DRIFT);
    return shop;
  }

  const corruptions: [string, Sql][] = [
    ['orders_count', sql`orders_count = orders_count + 1`],
    ['threads_count', sql`threads_count = threads_count + 1`],
    ['unanswered_count', sql`unanswered_count = unanswered_count - 1`],
    ['activities_count', sql`activities_count = activities_count + 1`],
    ['feedback_count', sql`feedback_count = feedback_count + 1`],
    ['feedback_good', sql`feedback_good = feedback_good + 1`],
    ['feedback_neutral', sql`feedback_neutral = feedback_neutral + 1`],
    ['feedback_bad', sql`feedback_bad = feedback_bad + 1`],
    ['sum_all', sql`sum_all = sum_all + 1`],
    ['sum_paid', sql`sum_paid = sum_paid + 1`],
    ['sum_cancelled', sql`sum_cancelled = sum_cancelled + 1`],
    ['sum_open', sql`sum_open = sum_open - 1`],
    ['unconverted', sql`unconverted = '[{"amount": "1001", "currency": "PLN"}]'`],
    ['first_activity_at', sql`first_activity_at = null`],
    ['last_activity_at', sql`last_activity_at = last_activity_at + interval '1 second'`],
    ['first_order_at', sql`first_order_at = null`],
    ['last_order_at', sql`last_order_at = last_order_at + interval '1 second'`],
    ['latest_at', sql`latest_at = latest_at + interval '1 second'`],
    ['name', sql`name = 'Somebody'`],
    ['name_folded', sql`name_folded = 'somebody'`],
    ['gender', sql`gender = 'female'`],
    ['region', sql`region = 'Kyiv'`],
  ];

  test.each(corruptions)('a wrong %s is reported', async (_, corruption) => {
    const shop = await busyShop();
    await shop.execute(sql`update customer set ${corruption} where orders_count > 0`);
    expect(await shop.drift()).toEqual({ ...NO_DRIFT, customers: 1 });
  });

  test('a customer under the wrong day or class of the rollup is reported, with the rows that do not fit it', async () => {
    const shop = await busyShop();
    await shop.execute(sql`update customer set rollup_day = rollup_day + 1 where orders_count > 0`);
    expect(await shop.drift()).toEqual({ customers: 1, days: 2, uncounted: 0 });
    await shop.execute(
      sql`update customer set rollup_day = rollup_day - 1, rollup_class = 'one' where orders_count > 0`,
    );
    expect(await shop.drift()).toEqual({ customers: 1, days: 2, uncounted: 0 });
  });

  test.each([
    ['wrong', sql`update activity_rollup set customers = customers + 1 where class = 'more' and customers > 0`],
    ['lost', sql`delete from activity_rollup where class = 'none'`],
    [
      'invented',
      sql`insert into activity_rollup (company_id, day, class, customers) values (current_company(), '2020-01-01', 'one', 1)`,
    ],
  ])('a row of the rollup that is %s is reported', async (_, corruption) => {
    const shop = await busyShop();
    await shop.execute(corruption);
    expect(await shop.drift()).toEqual({ ...NO_DRIFT, days: 1 });
  });

  test('a customer who is counted nowhere is reported, and so is a merged one who is still counted', async () => {
    const shop = await busyShop();
    await shop.execute(sql`update customer set rollup_day = null, rollup_class = null where orders_count > 0`);
    expect(await shop.drift()).toMatchObject({ customers: 1, uncounted: 1 });
    const merging = await busyShop();
    await merging.orders(order('A-3', { ...olena, emails: ['ivan@x.test'] }));
    expect(await merging.drift()).toEqual(NO_DRIFT);
    await merging.execute(
      sql`update customer set rollup_day = '2020-01-01', rollup_class = 'one' where merged_into is not null`,
    );
    expect(await merging.drift()).toEqual({ customers: 0, days: 1, uncounted: 1 });
  });

  test('the rollup is right again after the company’s zone has changed', async () => {
    const shop = await busyShop();
    await shop.orders(order('A-4', { accountId: 'u-9' }, { placedAt: '2026-11-01T10:30:00Z' }));
    await shop.execute(sql`update company set timezone = 'Pacific/Kiritimati'`);
    expect(await shop.drift()).toMatchObject({ uncounted: 0 });
    expect((await shop.drift()).customers).toBeGreaterThan(0);
    await shop.tenancy.inCompany(shop.company, rebuildRollup);
    expect(await shop.drift()).toEqual(NO_DRIFT);
    await shop.orders(order('A-5', { accountId: 'u-9' }, { placedAt: '2026-11-11T10:30:00Z' }));
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });
});
