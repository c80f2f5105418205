import { afterAll, expect, test } from '@jest/globals';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import type { SmsOutcome } from '../../../src/platform/sms.ts';
import * as send from '../../../src/sms/send/send.ts';
import { campaignState, deliveries, letLeasesEnd } from '../../ledger/make.ts';
import { closeSendings, openSending, type Sending, tally } from './make.ts';

afterAll(closeSendings);

/** The campaign's job, through a provider that answers so. */
const through = (sending: Sending, answer: (to: string) => Promise<SmsOutcome>) => {
  const channels = { sms: null, viber: { send: ({ to }: { to: string }) => answer(to) }, messenger: null };
  const { services, company, campaignId } = sending;
  return send.send(services, channels, company, campaignId, new AbortController().signal);
};

test('P-02 what is known only after others took the worker for dead is known all the same', async () => {
  const sending = await openSending({ to: 3, channel: 'viber' });
  await through(sending, async (to) => {
    await letLeasesEnd(sending);
    await sending.inside((db) => ledger.lapse(db));
    return { outcome: 'accepted', sid: `late ${to}` };
  });
  expect(await tally(sending)).toEqual({ accepted: 3 });
  expect(await campaignState(sending)).toBe('finished');
});

test('P-02 an answer that cannot be written down leaves the others of its group as they are', async () => {
  const sending = await openSending({ to: 6, channel: 'viber' });
  const sids = ['one', 'two', 'two', 'nul\0', 'three', 'four'];
  await through(sending, async () => ({ outcome: 'accepted', sid: sids.shift() ?? '' }));
  expect(await tally(sending)).toEqual({ accepted: 4, unknown: 2 });
  const unknown = (await deliveries(sending)).filter(({ state }) => state === 'unknown');
  expect(unknown.map(({ reason }) => reason)).toEqual(Array(2).fill('the answer could not be written down'));
});

test('P-02 a worker that stood still while it marked its calls makes none of them', async () => {
  const sending = await openSending({ to: 1, channel: 'viber' });
  const { services, company, campaignId } = sending;
  let asked = 0;
  const texter = { send: async (): Promise<SmsOutcome> => ({ outcome: 'accepted', sid: `call ${++asked}` }) };
  const channels = { sms: null, viber: texter, messenger: null };
  const still = new AbortController();
  let first = true;
  const tenancy: typeof services.tenancy = {
    ...services.tenancy,
    inCompany: async (company, work) => {
      const before = await tally(sending);
      const answer = await services.tenancy.inCompany(company, work);
      const marked = !before.calling && (await tally(sending)).calling;
      if (first && marked) {
        first = false;
        while (!(await leaseEndsSoon(sending)));
        still.abort();
      }
      return answer;
    },
  };
  const effort = { leaseSeconds: 1 };
  await send.send({ ...services, tenancy }, channels, company, campaignId, still.signal, effort).catch(() => undefined);
  expect(first).toBe(false);
  expect(asked).toBe(0);
});

/** Whether others may take the worker for dead within a third of a second. */
async function leaseEndsSoon({ portal, campaignId }: Sending): Promise<boolean> {
  const [row] = await portal.database.prisma.$queryRaw<{ soon: boolean }[]>(sql`
    select bool_and(lease_until < clock_timestamp() + interval '300 milliseconds') as soon from delivery where campaign_id = ${campaignId}::uuid`);
  return row?.soon ?? false;
}
