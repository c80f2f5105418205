import { afterAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/kernel/id.ts';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import * as send from '../../../src/sms/send/send.ts';
import { readDeliveryToken } from '../../../src/sms/token.ts';
import {
  campaignState,
  closeShops,
  deliveries,
  letLeasesEnd,
  phone,
  phones,
  planTo,
  ring,
  take,
} from '../../ledger/make.ts';
import { makeUser } from '../../make.ts';
import { rows } from '../../tags/make.ts';
import { addSender, closeSendings, FROM, jobsOf, openSending, set } from './make.ts';

afterAll(async () => {
  await closeShops();
  await closeSendings();
});

const tally = async (shop: Parameters<typeof deliveries>[0]) => {
  const tallied: Record<string, number> = {};
  for (const { state } of await deliveries(shop)) tallied[state] = (tallied[state] ?? 0) + 1;
  return tallied;
};

describe('P-02 a campaign', () => {
  test('reaches everybody once, tells where to report, and is finished', async () => {
    const sending = await openSending({ to: 150 });
    await sending.work();
    expect(sending.reached()).toEqual(new Map(phones(150).map((to) => [to, 1])));
    expect(await tally(sending)).toEqual({ accepted: 150 });
    expect(await campaignState(sending)).toBe('finished');
    const [first] = sending.standin.taken;
    expect(first).toMatchObject({ from: FROM, service: null, body: `Hello ${first?.to}` });
    const { secrets } = sending.portal.services;
    const token = new URL(first?.callback ?? '').searchParams.get('d') ?? '';
    const row = (await deliveries(sending)).find(({ address }) => address === first?.to);
    expect(readDeliveryToken(secrets.sessionSecret, token)).toEqual({
      companyId: sending.company.id,
      deliveryId: row?.id,
    });
    expect(row).toMatchObject({ sid: first?.sid, sender: FROM });
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
    const kept = await rows<{ channel: string; body: string }>(
      sending.portal,
      sql`select channel, body, state from outbox order by address`,
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

  test('that a worker has to leave is given back whole', async () => {
    const sending = await openSending({ to: 60, perSecond: 20 });
    const stopping = new AbortController();
    const work = sending.work({ group: 4, concurrency: 8 }, stopping.signal);
    while (sending.standin.asked() < 3) await new Promise((done) => setImmediate(done));
    stopping.abort();
    await expect(work).rejects.toThrow();
    const left = await tally(sending);
    expect(Object.keys(left).toSorted()).toEqual(['accepted', 'planned']);
    expect(left.accepted).toBe(sending.standin.taken.length);
    await set(sending, sql`update sender set per_second = 5000`);
    await sending.work();
    expect([...sending.reached().values()]).toEqual(Array(60).fill(1));
  });
});

describe('P-02 what the provider answers', () => {
  test('an answer that is lost, cut or garbled leaves it unknown, and nobody is called again', async () => {
    const knobs = { errorAfter: 0.1, cut: 0.1, garbled: 0.1, seed: 3 };
    const sending = await openSending({ to: 120, knobs });
    await sending.work();
    const tallied = await tally(sending);
    expect(tallied.unknown).toBeGreaterThan(10);
    expect((tallied.accepted ?? 0) + (tallied.unknown ?? 0)).toBe(120);
    expect([...sending.reached().values()]).toEqual(Array(120).fill(1));
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
    await set(sending, sql`update sender_pace set next_at = now()`);
    await set(sending, sql`update delivery set due_at = now()`);
    await sending.work();
    expect(sending.standin.taken).toHaveLength(10);
  });

  test('a refusal is final, with its code; 21610 silences the number in this company on all channels', async () => {
    const sending = await openSending({ to: 3, knobs: { refused: 1 } });
    await sending.work();
    expect(await deliveries(sending)).toMatchObject(Array(3).fill({ state: 'failed', error_code: '21211' }));
    expect(await rows(sending.portal, sql`select from suppression`)).toEqual([]);
    const other = await openSending({ to: 1 });
    const texter = { send: async () => ({ outcome: 'refused' as const, reason: 'stopped', code: '21610' }) };
    const channels = { sms: null, viber: texter, messenger: null };
    await set(other, sql`update delivery set channel = 'viber'`);
    await send.send(other.portal.services, channels, other.company, other.campaignId, new AbortController().signal);
    expect(await rows(other.portal, sql`select reason, hint from suppression`)).toEqual([
      { reason: 'provider', hint: '00' },
    ]);
  });
});

describe('P-02 pause, go on, cancel', () => {
  test('in the middle: what follows the pause is not called, and nobody is left out or called twice afterwards', async () => {
    const sending = await openSending({ to: 200, perSecond: 400, knobs: { latency: [1, 20] } });
    const user = await makeUser(sending.portal, { company: sending.company });
    for (const at of [20, 60, 120]) {
      const work = sending.work({ group: 4, concurrency: 16 });
      while (sending.standin.asked() < at) await new Promise((done) => setImmediate(done));
      expect(await sending.inside((db) => send.pause(db, sending.campaignId, user.id))).toBe(true);
      expect(await send.stilled(sending.portal.services, sending.company, sending.campaignId)).toBe(0);
      const asked = sending.standin.asked();
      await work;
      expect(sending.standin.asked()).toBe(asked);
      expect(await campaignState(sending)).toBe('paused');
      expect(await sending.inside((db) => ledger.counts(db, sending.campaignId))).toMatchObject({
        claimed: 0,
        calling: 0,
        accepted: asked,
      });
      expect(await sending.inside((db) => send.resume(db, sending.campaignId, user.id))).toBe(true);
    }
    await sending.work();
    expect([...sending.reached().values()]).toEqual(Array(200).fill(1));
    const words = await rows<{ action: string }>(
      sending.portal,
      sql`select action from audit_entry where action like 'campaign.%' order by at`,
    );
    expect(words.map(({ action }) => action)).toEqual(Array(3).fill(['campaign.paused', 'campaign.resumed']).flat());
  });

  test('a cancelled one calls nobody any more, and whoever was left is skipped', async () => {
    const sending = await openSending({ to: 100, perSecond: 200 });
    const user = await makeUser(sending.portal, { company: sending.company });
    const work = sending.work({ group: 4, concurrency: 8 });
    while (sending.standin.asked() < 10) await new Promise((done) => setImmediate(done));
    expect(await sending.inside((db) => send.cancel(db, sending.campaignId, user.id))).toBe(true);
    expect(await send.stilled(sending.portal.services, sending.company, sending.campaignId)).toBe(0);
    const asked = sending.standin.asked();
    await work;
    await sending.work();
    expect(sending.standin.asked()).toBe(asked);
    expect(await tally(sending)).toEqual({ accepted: asked, skipped: 100 - asked });
    expect(await sending.inside((db) => send.cancel(db, sending.campaignId, user.id))).toBe(false);
    expect(await sending.inside((db) => send.resume(db, sending.campaignId, user.id))).toBe(false);
    expect(await sending.inside((db) => send.pause(db, newId(), user.id))).toBe(false);
  });

  test('a big one is cancelled at once; its job skips the rest', async () => {
    const sending = await openSending({ to: 2500 });
    const user = await makeUser(sending.portal, { company: sending.company });
    await sending.inside((db) => send.cancel(db, sending.campaignId, user.id));
    expect(await jobsOf(sending)).toMatchObject([{ name: 'campaign.send' }]);
    await sending.work();
    expect(await tally(sending)).toEqual({ skipped: 2500 });
  });
});

describe('P-02 when too many fail', () => {
  test('the campaign is paused by itself, and everybody in the company is told', async () => {
    const sending = await openSending({ to: 200, knobs: { refused: 0.6, seed: 2 } });
    await sending.work({ group: 4, concurrency: 8 });
    expect(await campaignState(sending)).toBe('paused');
    expect(sending.standin.asked()).toBeLessThan(100);
    const notices = await rows<{ kind: string; user_id: null }>(sending.portal, sql`select kind, user_id from notice`);
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
    const share = await openSending({ to: 300, knobs: { refused: 0.2, seed: 5 } });
    await share.work({ group: 20, concurrency: 60 });
    expect(await campaignState(share)).toBe('finished');
    expect((await tally(share)).failed).toBeGreaterThan(20);
  });
});

describe('P-02 the moment', () => {
  const kyiv = (text: string) => new Date(`${text}+02:00`);

  test('quiet hours wait for their end, by a job that is due then, and begin in the middle of it', async () => {
    const sending = await openSending({ to: 10, obeysQuietHours: true });
    sending.portal.setNow(kyiv('2026-11-20T21:00'));
    await set(sending, sql`update delivery set due_at = '2026-11-20T10:00Z'`);
    await sending.work();
    expect(sending.standin.taken).toEqual([]);
    expect(await jobsOf(sending)).toEqual([{ name: 'campaign.send', due_at: kyiv('2026-11-21T09:00') }]);
    sending.portal.setNow(kyiv('2026-11-21T09:00'));
    await sending.work();
    expect(sending.standin.taken).toHaveLength(10);
    sending.portal.setNow(null);
  });

  test('a schedule waits for its time, and what is too late by then is skipped', async () => {
    const at = kyiv('2026-11-20T12:00');
    const sending = await openSending({
      to: 3,
      state: 'scheduled',
      scheduledAt: at,
      expiresAt: kyiv('2026-11-20T14:00'),
    });
    await set(sending, sql`update delivery set due_at = ${at}`);
    sending.portal.setNow(kyiv('2026-11-20T11:59'));
    await sending.work();
    expect([await campaignState(sending), sending.standin.asked()]).toEqual(['scheduled', 0]);
    expect(await jobsOf(sending)).toEqual([{ name: 'campaign.send', due_at: at }]);
    sending.portal.setNow(kyiv('2026-11-20T14:00'));
    await sending.work();
    expect(await deliveries(sending)).toMatchObject(Array(3).fill({ state: 'skipped', reason: 'expired' }));
    expect([await campaignState(sending), sending.standin.asked()]).toEqual(['finished', 0]);
    sending.portal.setNow(null);
  });

  test('each sender keeps its pace, over all workers and companies together', async () => {
    const sending = await openSending({ to: 30, perSecond: 50 });
    await Promise.all([1, 2, 3].map(() => sending.work({ batch: 10, group: 4, concurrency: 8 })));
    while ((await campaignState(sending)) !== 'finished') await sending.work();
    const times = sending.standin.taken.map(({ at }) => at.getTime());
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan((29 / 50) * 1000 - 50);
  });
});

describe('P-02 what gets lost', () => {
  test('a campaign without a job gets one, and a call whose worker died is unknown, also in a paused campaign', async () => {
    const sending = await openSending({ to: 6 });
    const user = await makeUser(sending.portal, { company: sending.company });
    const sweep = () => send.sweep(sending.portal.services, new AbortController().signal);
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
});

test('P-02 a sender of another pace does not slow this one down', async () => {
  const sending = await openSending({ to: 5 });
  await addSender(sending, '+15005550001', 1);
  await sending.inside((db) => planTo(db, sending.campaignId, phones(5, 100)));
  await sending.work();
  expect(sending.standin.taken).toHaveLength(10);
});
