import { afterEach, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import type { Provider } from '../../../src/platform/sms.ts';
import { type Effort, reconcile } from '../../../src/sms/reconcile/reconcile.ts';
import { addCampaign, deliveries, phone, planTo, type Shop, shopIn } from '../../ledger/make.ts';
import { rows } from '../../tags/make.ts';
import { closeLines, type Line, openLine, suppressions } from '../webhooks/make.ts';

afterEach(closeLines);

const AT_ONCE = { unknownSeconds: 0, silentSeconds: 0, pauseSeconds: 0, perSecond: 10_000 } satisfies Partial<Effort>;

const run = (line: Line, effort: Partial<Effort> = {}, channels = line.channels) =>
  reconcile(line.portal.services, channels, new AbortController().signal, { ...AT_ONCE, ...effort });

/** As if everything had been called so long ago. */
const age = ({ portal }: Pick<Shop, 'portal'>, seconds: number) =>
  portal.database.prisma.$executeRaw(sql`
    update delivery set called_at = called_at - ${seconds} * interval '1 second', asked_at = asked_at - ${seconds} * interval '1 second'`);

const askedAt = ({ portal }: Line) =>
  rows<{ asked_at: Date | null }>(portal, sql`select asked_at from delivery order by address`);

/** Counts what the provider is asked. */
function counting(line: Line) {
  const asked = { sentTo: 0, look: 0 };
  const { sms } = line.channels;
  if (!sms) throw new Error('SMS are not set up');
  const provider: Provider = {
    send: sms.send,
    sentTo: (...given) => {
      asked.sentTo++;
      return sms.sentTo(...given);
    },
    look: (sid) => {
      asked.look++;
      return sms.look(sid);
    },
  };
  return { asked, channels: { ...line.channels, sms: provider } };
}

test('P-07 what was taken although its answer was lost is found at the provider; what never was stays unknown', async () => {
  const line = await openLine({ to: 8, knobs: { errorAfter: 0.3, errorBefore: 0.3, cut: 0.2, seed: 5 } });
  await line.work();
  const before = await deliveries(line);
  expect(before.filter(({ state }) => state === 'unknown').length).toBeGreaterThan(3);
  await run(line);
  const taken = new Map(line.standin.taken.map(({ to, sid }) => [to, sid]));
  for (const { address, state, sid } of await deliveries(line)) {
    const known = taken.get(address ?? '') ?? null;
    expect([address, sid]).toEqual([address, known]);
    expect([address, state]).toEqual([address, known ? 'delivered' : 'unknown']);
  }
  const sent = line.standin.taken.length;
  await run(line);
  await line.work();
  expect(line.standin.taken).toHaveLength(sent);
});

test('one message of the provider is one delivery: of the same text to the same number each finds its own', async () => {
  const line = await openLine({ to: 1, knobs: { garbled: 1 } });
  await line.work();
  const second = await addCampaign(line.portal, line.company);
  await line.inside((db) => planTo(db, second, [phone(0)]));
  line.standin.turn({ garbled: 0, errorBefore: 1 });
  const { send } = await import('../../../src/sms/send/send.ts');
  await send(line.portal.services, line.channels, line.company, second, new AbortController().signal);
  await run(line);
  await run(line);
  const all = [...(await deliveries(line)), ...(await deliveries({ portal: line.portal, campaignId: second }))];
  expect(all.map(({ state, sid }) => [state, sid !== null])).toEqual([
    ['delivered', true],
    ['unknown', false],
  ]);
});

test('a message that belongs to another company’s delivery is not taken for ours', async () => {
  const line = await openLine({ to: 1, knobs: { errorBefore: 1 } });
  await line.work();
  const other = await shopIn(line.portal);
  await other.inside((db) => planTo(db, other.campaignId, [phone(0)]));
  line.standin.turn({ errorBefore: 0 });
  const { send } = await import('../../../src/sms/send/send.ts');
  await send(line.portal.services, line.channels, other.company, other.campaignId, new AbortController().signal);
  await run(line);
  expect(await deliveries(line)).toMatchObject([{ state: 'unknown', sid: null }]);
  expect(await deliveries(other)).toMatchObject([{ sid: line.standin.taken[0]?.sid }]);
});

test('what the provider took and never told the end of is asked for by its id', async () => {
  const line = await openLine({ to: 4 });
  line.standin.turn({
    callbacks: { copies: [1, 1], shuffled: false, lost: 1, early: 0, delay: [0, 0], undelivered: 0.5 },
  });
  await line.work();
  await line.standin.settled();
  const { asked, channels } = counting(line);
  await run(line, { silentSeconds: 3600 }, channels);
  expect(asked.look).toBe(0);
  await age(line, 3601);
  await run(line, { silentSeconds: 3600 }, channels);
  expect(asked.look).toBe(4);
  const finals = new Map(line.standin.taken.map(({ to, final }) => [to, final]));
  for (const { address, state, error_code: code } of await deliveries(line)) {
    expect([state, code]).toEqual([finals.get(address ?? ''), state === 'undelivered' ? '30003' : null]);
  }
  await run(line, { silentSeconds: 0 }, channels);
  expect(asked.look).toBe(4);
});

test('what cannot be found is asked for less and less often, and given up after three days', async () => {
  const line = await openLine({ to: 1, knobs: { errorBefore: 1 } });
  await line.work();
  const { asked, channels } = counting(line);
  const patient = { unknownSeconds: 120, pauseSeconds: 240 };
  await run(line, patient, channels);
  expect(asked.sentTo).toBe(0);
  // Two hours, every five minutes.
  for (let n = 0; n < 24; n++) {
    await age(line, 300);
    await run(line, patient, channels);
  }
  const often = asked.sentTo;
  expect(often).toBeGreaterThan(2);
  expect(often).toBeLessThan(7);
  await age(line, 3 * 86_400);
  await run(line, patient, channels);
  expect(asked.sentTo).toBe(often);
  expect(await deliveries(line)).toMatchObject([{ state: 'unknown' }]);
});

test('21610 that only the provider tells writes the suppression', async () => {
  const line = await openLine({ to: 1 });
  await line.work();
  const sms: Provider = {
    ...(line.channels.sms as Provider),
    look: async (sid) => ({ sid, status: 'failed', errorCode: '21610', from: null, body: '', at: new Date() }),
  };
  await run(line, {}, { ...line.channels, sms });
  expect(await suppressions(line, phone(0))).toMatchObject([{ reason: 'provider' }]);
  expect(await deliveries(line)).toMatchObject([{ state: 'failed', error_code: '21610' }]);
});

test('a provider that cannot be asked is left alone after three times, and nothing is lost by that', async () => {
  const line = await openLine({ to: 6, knobs: { errorAfter: 1 } });
  await line.work();
  let asked = 0;
  const broken: Provider = {
    ...(line.channels.sms as Provider),
    sentTo: async () => {
      asked++;
      throw new Error('503');
    },
  };
  await run(line, {}, { ...line.channels, sms: broken });
  expect(asked).toBe(3);
  expect((await askedAt(line)).filter(({ asked_at: at }) => at === null)).toHaveLength(3);
  await age(line, 60);
  await run(line);
  expect((await deliveries(line)).every(({ state }) => state === 'delivered')).toBe(true);
});

test('without a provider there is nobody to ask, and what was kept for the outbox is not asked for', async () => {
  const line = await openLine({ to: 1 });
  await line.work();
  await line.portal.database.prisma.$executeRaw(sql`update delivery set sid = 'outbox:' || id`);
  const { asked, channels } = counting(line);
  await run(line, {}, channels);
  await run(line, {}, { ...channels, sms: null });
  expect(asked).toEqual({ sentTo: 0, look: 0 });
});
