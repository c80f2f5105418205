import { afterAll, describe, expect, test } from '@jest/globals';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import * as send from '../../../src/sms/send/send.ts';
import { campaignState, deliveries, letLeasesEnd, ring, take } from '../../ledger/make.ts';
import { makeUser } from '../../make.ts';
import { closeSendings, jobsOf, openSending, own, set, tally, untilAsked } from './make.ts';

afterAll(closeSendings);

describe('P-02 what the provider answers', () => {
  test('an answer that is lost, cut or garbled leaves it unknown, and nobody is called again', async () => {
    const knobs = { errorAfter: 0.05, cut: 0.05, garbled: 0.05, seed: 3 };
    const sending = await openSending({ to: 240, knobs });
    await sending.work();
    const tallied = await tally(sending);
    expect(tallied.unknown).toBeGreaterThan(10);
    expect((tallied.accepted ?? 0) + (tallied.unknown ?? 0)).toBe(240);
    expect([...sending.reached().values()]).toEqual(Array(240).fill(1));
    expect(await campaignState(sending)).toBe('finished');
  });

  test('429 makes everybody who uses that sender wait as long as it says, and then they go on', async () => {
    const sending = await openSending({ to: 40, knobs: { tooMany: 0.2, retryAfterSeconds: 1, seed: 4 } });
    while ((await campaignState(sending)) !== 'finished') await sending.work({ group: 4, concurrency: 8 });
    expect([...sending.reached().values()]).toEqual(Array(40).fill(1));
    expect(sending.standin.asked()).toBeGreaterThan(40);
    expect(await tally(sending)).toEqual({ accepted: 40 });
  });

  test('429 with a long wait ends the job; the next one is due then, and the sender is held for all', async () => {
    const sending = await openSending({ to: 10, knobs: { tooMany: 1, retryAfterSeconds: 600 } });
    await sending.work({ group: 2, concurrency: 2 });
    expect(sending.standin.asked()).toBe(2);
    expect(await tally(sending)).toEqual({ planned: 10 });
    const [job] = await jobsOf(sending);
    expect((job?.due_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(590_000);
    sending.standin.turn({ tooMany: 0 });
    await sending.work();
    expect(sending.standin.taken).toEqual([]);
    await set(sending, sql`update sender_pace set next_at = now(), held_until = null where sender = ${sending.from}`);
    await set(sending, sql`update delivery set due_at = now() where campaign_id = ${sending.campaignId}::uuid`);
    await sending.work();
    expect(sending.standin.taken).toHaveLength(10);
  });

  test('429 is heard by whoever has a place for later already', async () => {
    const sending = await openSending({ to: 6 });
    await set(
      sending,
      sql`insert into sender_pace (sender, next_at, held_until)
          values (${sending.from}, now() + interval '1.5 seconds', now() + interval '600 seconds')`,
    );
    await sending.work();
    expect(sending.standin.asked()).toBe(0);
    expect(await tally(sending)).toEqual({ planned: 6 });
  });

  test('a refusal is final, with its code; 21610 silences the number in this company on all channels', async () => {
    const sending = await openSending({ to: 3, knobs: { refused: 1 } });
    await sending.work();
    expect(await deliveries(sending)).toMatchObject(Array(3).fill({ state: 'failed', error_code: '21211' }));
    expect(await own(sending, sql`reason`, sql`suppression`, sql`at`)).toEqual([]);
    const other = await openSending({ to: 1 });
    const texter = { send: async () => ({ outcome: 'refused' as const, reason: 'stopped', code: '21610' }) };
    const channels = { sms: null, viber: texter, messenger: null };
    await set(other, sql`update delivery set channel = 'viber' where campaign_id = ${other.campaignId}::uuid`);
    await send.send(other.services, channels, other.company, other.campaignId, new AbortController().signal);
    expect(await own(other, sql`reason, hint`, sql`suppression`, sql`at`)).toEqual([
      { reason: 'provider', hint: '00' },
    ]);
  });
});

describe('P-02 when too many fail', () => {
  test('a provider that answers nothing but errors is left alone after a few, and the campaign is paused', async () => {
    const sending = await openSending({ to: 200, knobs: { errorBefore: 1 } });
    await sending.work({ group: 4, concurrency: 8 });
    expect(sending.standin.asked()).toBeLessThan(20);
    expect(await jobsOf(sending)).toHaveLength(1);
    await set(sending, sql`update sender_pace set next_at = now(), held_until = null where sender = ${sending.from}`);
    await sending.work({ group: 4, concurrency: 8 });
    expect(await campaignState(sending)).toBe('paused');
    const tallied = await tally(sending);
    expect(tallied.unknown).toBeLessThan(40);
    expect((tallied.planned ?? 0) + (tallied.unknown ?? 0)).toBe(200);
  });

  test('a worker that died says nothing about the provider', async () => {
    const sending = await openSending({ to: 30 });
    await ring(sending, await take(sending, 25));
    await letLeasesEnd(sending);
    await sending.work();
    expect([await campaignState(sending), await tally(sending)]).toEqual(['finished', { accepted: 5, unknown: 25 }]);
  });

  test('also where only callbacks tell of it, in the middle of a slow batch', async () => {
    const sending = await openSending({ to: 300, perSecond: 100 });
    const work = sending.work({ group: 4, concurrency: 8 });
    await untilAsked(sending, 60);
    await sending.inside((db) =>
      ledger.hear(
        db,
        sending.standin.taken.map(({ sid }) => ({
          sid,
          state: 'undelivered' as const,
          errorCode: '30003',
          at: new Date(),
        })),
      ),
    );
    await work;
    expect(await campaignState(sending)).toBe('paused');
    expect((await tally(sending)).planned).toBeGreaterThan(0);
  });

  test('the campaign is paused by itself, and everybody in the company is told', async () => {
    const sending = await openSending({ to: 200, knobs: { refused: 0.6, seed: 2 } });
    await sending.work({ group: 4, concurrency: 8 });
    expect(await campaignState(sending)).toBe('paused');
    expect(sending.standin.asked()).toBeLessThan(100);
    const notices = await own(sending, sql`kind, user_id`, sql`notice`, sql`created_at`);
    expect(notices).toEqual([{ kind: 'campaign-paused', user_id: null }]);
    const user = await makeUser(sending.portal, { company: sending.company });
    sending.standin.turn({ refused: 0 });
    await sending.inside((db) => send.resume(db, sending.campaignId, user.id));
    await sending.work();
    expect(await campaignState(sending)).toBe('finished');
    const tallied = await tally(sending);
    expect((tallied.accepted ?? 0) + (tallied.failed ?? 0)).toBe(200);
  });

  test('fewer than 20, or no more than 30 %, are no reason', async () => {
    const few = await openSending({ to: 19, knobs: { refused: 1 } });
    await few.work();
    expect(await campaignState(few)).toBe('finished');
    const share = await openSending({ to: 400, knobs: { refused: 0.1, seed: 5 } });
    await share.work({ group: 20, concurrency: 60 });
    expect(await campaignState(share)).toBe('finished');
    expect((await tally(share)).failed).toBeGreaterThan(20);
  });
});
