import { afterAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/kernel/id.ts';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import * as send from '../../../src/sms/send/send.ts';
import { campaignState, deliveries } from '../../ledger/make.ts';
import { makeUser } from '../../make.ts';
import { closeSendings, jobsOf, openSending, own, set, tally, untilAsked } from './make.ts';

afterAll(closeSendings);

describe('P-02 pause, go on, cancel', () => {
  test('in the middle: what follows the pause is not called, and nobody is left out or called twice afterwards', async () => {
    const sending = await openSending({ to: 200, perSecond: 400, knobs: { latency: [1, 20] } });
    const user = await makeUser(sending.portal, { company: sending.company });
    for (const at of [20, 60, 120]) {
      const work = sending.work({ group: 4, concurrency: 16 });
      await untilAsked(sending, at);
      expect(await sending.inside((db) => send.pause(db, sending.campaignId, user.id))).toBe(true);
      expect(await send.stilled(sending.services, sending.company, sending.campaignId)).toBe(0);
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
    const words = await own<{ action: string }>(sending, sql`action`, sql`audit_entry`, sql`at`);
    const deeds = words.map(({ action }) => action).filter((action) => action.startsWith('campaign.'));
    expect(deeds).toEqual(Array(3).fill(['campaign.paused', 'campaign.resumed']).flat());
  });

  test('a cancelled one calls nobody any more, and whoever was left is skipped', async () => {
    const sending = await openSending({ to: 100, perSecond: 200 });
    const user = await makeUser(sending.portal, { company: sending.company });
    const work = sending.work({ group: 4, concurrency: 8 });
    await untilAsked(sending, 10);
    expect(await sending.inside((db) => send.cancel(db, sending.campaignId, user.id))).toBe(true);
    expect(await send.stilled(sending.services, sending.company, sending.campaignId)).toBe(0);
    const asked = sending.standin.asked();
    await work;
    await sending.work();
    expect(sending.standin.asked()).toBe(asked);
    expect(await tally(sending)).toEqual({ accepted: asked, skipped: 100 - asked });
    expect(await sending.inside((db) => send.cancel(db, sending.campaignId, user.id))).toBe(false);
    expect(await sending.inside((db) => send.resume(db, sending.campaignId, user.id))).toBe(false);
    expect(await sending.inside((db) => send.pause(db, newId(), user.id))).toBe(false);
  });

  test('what goes to one person is not named in the log, which outlives them', async () => {
    const sending = await openSending({ to: 1 });
    const user = await makeUser(sending.portal, { company: sending.company });
    await set(sending, sql`update campaign set kind = 'one', name = 'To Olena Koval'`);
    const { campaignId } = sending;
    await sending.inside((db) => send.pause(db, campaignId, user.id));
    await sending.inside((db) => send.resume(db, campaignId, user.id));
    await sending.inside((db) => send.cancel(db, campaignId, user.id));
    const deeds = await own<{ subject: object }>(sending, sql`subject`, sql`audit_entry`, sql`at`);
    expect(deeds.slice(-3).map(({ subject }) => subject)).toEqual(Array(3).fill({ id: campaignId }));
  });

  test('a big one is cancelled at once; its job skips the rest', async () => {
    const sending = await openSending({ to: 2500 });
    const user = await makeUser(sending.portal, { company: sending.company });
    await sending.inside((db) => send.cancel(db, sending.campaignId, user.id));
    expect(await jobsOf(sending)).toMatchObject([{ name: 'campaign.send' }]);
    await sending.work();
    expect(await tally(sending)).toEqual({ skipped: 2500 });
  });

  test('a big one that was cancelled and has lost its job gets another', async () => {
    const sending = await openSending({ to: 2500 });
    const user = await makeUser(sending.portal, { company: sending.company });
    await sending.inside((db) => send.cancel(db, sending.campaignId, user.id));
    await set(sending, sql`delete from job where company_id = ${sending.company.id}::uuid`);
    const sweep = () => send.sweep(sending.services, new AbortController().signal);
    await sweep();
    expect(await jobsOf(sending)).toMatchObject([{ name: 'campaign.send' }]);
    await sending.work();
    await set(sending, sql`delete from job where company_id = ${sending.company.id}::uuid`);
    await sweep();
    expect([await tally(sending), await jobsOf(sending)]).toEqual([{ skipped: 2500 }, []]);
  });
});

describe('P-02 the moment', () => {
  const kyiv = (text: string) => new Date(`${text}+02:00`);

  test('quiet hours wait for their end, by a job that is due then, and begin in the middle of it', async () => {
    const sending = await openSending({ to: 10, obeysQuietHours: true });
    sending.portal.setNow(kyiv('2026-11-20T21:00'));
    await set(
      sending,
      sql`update delivery set due_at = '2026-11-20T10:00Z' where campaign_id = ${sending.campaignId}::uuid`,
    );
    await sending.work();
    expect(sending.standin.taken).toEqual([]);
    expect(await jobsOf(sending)).toEqual([{ name: 'campaign.send', due_at: kyiv('2026-11-21T09:00') }]);
    const user = await makeUser(sending.portal, { company: sending.company });
    for (const _ of [1, 2, 3]) {
      await sending.inside((db) => send.pause(db, sending.campaignId, user.id));
      await sending.inside((db) => send.resume(db, sending.campaignId, user.id, kyiv('2026-11-20T21:00')));
      await sending.work();
      expect(await jobsOf(sending)).toHaveLength(1);
    }
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
    await set(sending, sql`update delivery set due_at = ${at} where campaign_id = ${sending.campaignId}::uuid`);
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
    const began = Date.now();
    await Promise.all([1, 2, 3].map(() => sending.work({ batch: 10, group: 4, concurrency: 8 })));
    while ((await campaignState(sending)) !== 'finished') await sending.work();
    const times = sending.standin.taken.map(({ at }) => at.getTime());
    // The places are counted from the first one that was kept: however late a message is on its way, the last leaves no sooner. A timer may
    // be a millisecond early.
    expect(Math.max(...times) - began).toBeGreaterThanOrEqual((29 / 50) * 1000 - 1);
  });
});
