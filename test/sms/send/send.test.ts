import { afterAll, describe, expect, test } from '@jest/globals';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import * as send from '../../../src/sms/send/send.ts';
import { readDeliveryToken } from '../../../src/sms/token.ts';
import { campaignState, deliveries, letLeasesEnd, phone, phones, planTo, ring, take } from '../../ledger/make.ts';
import { makeUser } from '../../make.ts';
import { rows } from '../../tags/make.ts';
import { addSender, closeSendings, jobsOf, openSending, own, set, tally, untilAsked } from './make.ts';

afterAll(closeSendings);

describe('P-02 a campaign', () => {
  test('reaches everybody once, tells where to report, and is finished', async () => {
    const sending = await openSending({ to: 150 });
    await sending.work();
    expect(sending.reached()).toEqual(new Map(phones(150).map((to) => [to, 1])));
    expect(await tally(sending)).toEqual({ accepted: 150 });
    expect(await campaignState(sending)).toBe('finished');
    const [first] = sending.standin.taken;
    expect(first).toMatchObject({ from: sending.from, service: null, body: `Hello ${first?.to}` });
    const { secrets } = sending.services;
    const token = new URL(first?.callback ?? '').searchParams.get('d') ?? '';
    const row = (await deliveries(sending)).find(({ address }) => address === first?.to);
    expect(readDeliveryToken(secrets.sessionSecret, token)).toEqual({
      companyId: sending.company.id,
      deliveryId: row?.id,
    });
    expect(row).toMatchObject({ sid: first?.sid, sender: sending.from });
    expect(await jobsOf(sending)).toEqual([]);
  });

  test('leaves from the sender it was frozen with: a number, or a messaging service', async () => {
    const service = `MG${'1'.repeat(32)}`;
    for (const sender of ['+15005550009', service]) {
      const sending = await openSending({ to: 1, sender });
      await sending.work();
      const expected = sender === service ? { from: null, service } : { from: sender, service: null };
      expect(sending.standin.taken).toMatchObject([expected]);
      expect(await deliveries(sending)).toMatchObject([{ sender }]);
    }
  });

  test('of two workers at once calls nobody twice', async () => {
    const sending = await openSending({ to: 400 });
    await Promise.all([1, 2, 3].map(() => sending.work({ batch: 40, group: 5, concurrency: 20 })));
    while ((await campaignState(sending)) !== 'finished') await sending.work();
    expect([...sending.reached().values()]).toEqual(Array(400).fill(1));
    expect(sending.standin.taken).toHaveLength(400);
  });

  test('whose channel is not set up is kept for the outbox', async () => {
    const sending = await openSending({ to: 3, channel: 'viber' });
    await sending.work();
    expect(await deliveries(sending)).toMatchObject(
      Array(3).fill({ state: 'accepted', sid: expect.stringMatching(/^outbox:/) }),
    );
    const kept = await own<{ channel: string; body: string }>(
      sending,
      sql`channel, body, state`,
      sql`outbox`,
      sql`address`,
    );
    expect(kept[0]).toEqual({ channel: 'viber', state: 'kept', body: `Hello ${phone(0)}` });
    expect(kept).toHaveLength(3);
    expect(sending.standin.taken).toEqual([]);
  });

  test('goes on after a worker that died: what it had claimed is called, what it was calling never again', async () => {
    const sending = await openSending({ to: 20 });
    await ring(sending, await take(sending, 5));
    await take(sending, 5);
    await sending.work();
    expect(await tally(sending)).toEqual({ accepted: 10, calling: 5, claimed: 5 });
    expect((await jobsOf(sending)).map(({ name }) => name)).toEqual(['campaign.send']);
    await letLeasesEnd(sending);
    await sending.work();
    expect(await tally(sending)).toEqual({ accepted: 15, unknown: 5 });
    expect(sending.standin.taken).toHaveLength(15);
    expect(await campaignState(sending)).toBe('finished');
  });

  test('that takes long lets other jobs have their turn, and goes on by another job', async () => {
    const sending = await openSending({ to: 30, perSecond: 100 });
    await sending.work({ turnSeconds: 0.1 });
    expect(sending.standin.taken.length).toBeLessThan(30);
    expect((await jobsOf(sending)).map(({ name }) => name)).toEqual(['campaign.send']);
    expect((await tally(sending)).claimed).toBeUndefined();
    await sending.work();
    expect([...sending.reached().values()]).toEqual(Array(30).fill(1));
  });

  test('that a worker has to leave is given back whole', async () => {
    const sending = await openSending({ to: 60, perSecond: 20 });
    const stopping = new AbortController();
    const work = sending.work({ group: 4, concurrency: 8 }, stopping.signal);
    await untilAsked(sending, 3);
    stopping.abort();
    await expect(work).rejects.toThrow();
    const left = await tally(sending);
    expect(Object.keys(left).toSorted()).toEqual(['accepted', 'planned']);
    expect(left.accepted).toBe(sending.standin.taken.length);
    await set(sending, sql`update sender set per_second = 5000 where address = ${sending.from}`);
    await sending.work();
    expect([...sending.reached().values()]).toEqual(Array(60).fill(1));
  });
});

describe('P-02 what gets lost', () => {
  test('a campaign without a job gets one, and a call whose worker died is unknown, also in a paused campaign', async () => {
    const sending = await openSending({ to: 6 });
    const user = await makeUser(sending.portal, { company: sending.company });
    const sweep = () => send.sweep(sending.services, new AbortController().signal);
    await sweep();
    await sweep();
    expect(await jobsOf(sending)).toHaveLength(1);
    await ring(sending, await take(sending, 2));
    await sending.inside((db) => send.pause(db, sending.campaignId, user.id));
    await letLeasesEnd(sending);
    await sweep();
    expect(await tally(sending)).toEqual({ planned: 4, unknown: 2 });
  });

  test('what is sent later by another channel goes on in the same campaign', async () => {
    const sending = await openSending({ to: 4, channel: 'viber', fallback: 'sms' });
    await sending.work();
    const [first] = await deliveries(sending);
    await sending.inside((db) =>
      ledger.hear(db, [{ id: first?.id ?? '', sid: first?.sid ?? '', state: 'failed', at: new Date() }]),
    );
    expect(await campaignState(sending)).toBe('sending');
    await sending.work();
    expect(sending.standin.taken.map(({ to }) => to)).toEqual([first?.address]);
    expect(await campaignState(sending)).toBe('finished');
  });

  test('what fails on another channel while a worker ends the campaign is sent all the same', async () => {
    const sending = await openSending({ to: 1, channel: 'viber', fallback: 'sms' });
    await sending.work();
    await set(sending, sql`update campaign set state = 'sending' where id = ${sending.campaignId}::uuid`);
    const [first] = await deliveries(sending);
    let work = Promise.resolve();
    await sending.inside(async (db) => {
      await ledger.hear(db, [{ id: first?.id ?? '', sid: first?.sid ?? '', state: 'failed', at: new Date() }]);
      work = sending.work();
      await untilSomebodyWaits(sending);
    });
    await work;
    expect(sending.standin.taken.map(({ to }) => to)).toEqual([first?.address]);
    expect(await campaignState(sending)).toBe('finished');
  });
});

/** For a row that another transaction holds. */
async function untilSomebodyWaits({ portal }: Parameters<typeof set>[0]): Promise<void> {
  const waiting = sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await rows(portal, waiting)).length === 0) await new Promise((done) => setImmediate(done));
}

test('P-02 a sender of another pace does not slow this one down', async () => {
  const sending = await openSending({ to: 5 });
  await addSender(sending, '+15005550001', 1);
  await sending.inside((db) => planTo(db, sending.campaignId, phones(5, 100)));
  await sending.work();
  expect(sending.standin.taken).toHaveLength(10);
});
