import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../../src/kernel/id.ts';
import * as ledger from '../../../src/ledger/ledger.ts';
import { sql } from '../../../src/platform/db.ts';
import { twilioSignature } from '../../../src/sms/webhooks/signature.ts';
import { addCampaign, deliveries, phone, phones, planTo, ring, shopIn, take } from '../../ledger/make.ts';
import { rows } from '../../tags/make.ts';
import { closeLines, FROM, type Line, openLine, post, status, suppressions, TOKEN } from './make.ts';

afterEach(async () => {
  await closeLines();
});

/** As if each were being handed over at this moment. */
async function called(line: Line): Promise<string[]> {
  const claim = await take(line);
  await ring(line, claim);
  return (await deliveries(line)).map(({ id }) => id);
}

const states = async (line: Line) => (await deliveries(line)).map(({ state }) => state);

test('P-07 a callback settles its delivery, also before the create is answered, and twice is like once', async () => {
  const line = await openLine({ to: 1 });
  const [id = ''] = await called(line);
  expect(await line.tell(id, status('SM1', 'sent'))).toBe(204);
  expect(await line.tell(id, status('SM1', 'delivered'))).toBe(204);
  expect(await line.tell(id, status('SM1', 'delivered'))).toBe(204);
  expect(await line.tell(id, status('SM1', 'queued'))).toBe(204);
  expect(await deliveries(line)).toMatchObject([{ state: 'delivered', sid: 'SM1' }]);
});

test('callbacks in any order, as often as they come, end in the highest rank; counters are rows', async () => {
  const line = await openLine({ to: 1 });
  const courses = [
    ['queued', 'sent', 'delivered'],
    ['sent', 'undelivered'],
    ['queued', 'failed'],
    ['sending', 'sent'],
  ] as const;
  const course = fc
    .constantFrom(...courses)
    .chain((words) =>
      fc.tuple(fc.constant(words), fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 })),
    );
  let n = 0;
  await fc.assert(
    fc.asyncProperty(course, async ([words, told]) => {
      const campaignId = await addCampaign(line.portal, line.company);
      const mine: Line = { ...line, campaignId };
      await line.inside((db) => planTo(db, campaignId, [phone(++n)]));
      const [id = ''] = await called(mine);
      for (const word of told) expect(await line.tell(id, status(`SM${n}`, word))).toBe(204);
      const last = words.at(-1);
      const highest = last === 'sent' ? 'accepted' : last;
      expect(await states(mine)).toEqual([highest]);
      const counts = await line.inside((db) => ledger.counts(db, campaignId));
      expect(counts).toMatchObject({ [String(highest)]: 1 });
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(1);
    }),
    { numRuns: 20 },
  );
});

test('what is unknown is settled by its callback, and the provider’s id of another delivery settles nothing', async () => {
  const line = await openLine({ to: 2 });
  const [first = '', second = ''] = await called(line);
  await line.portal.database.prisma.$executeRaw(
    sql`update delivery set state = 'unknown', claim = null where campaign_id = ${line.campaignId}::uuid`,
  );
  expect(await line.tell(first, status('SM1', 'delivered'))).toBe(204);
  expect(await line.tell(second, status('SM1', 'delivered'))).toBe(204);
  expect(await states(line)).toEqual(['delivered', 'unknown']);
});

test('hundreds at once are written down together, each answered for itself', async () => {
  const line = await openLine({ to: 100 });
  const ids = await called(line);
  const told = ids.flatMap((id, n) => [
    line.tell(id, status(`SM${n}`, 'sent')),
    line.tell(id, status(`SM${n}`, n % 3 === 0 ? 'undelivered' : 'delivered')),
    line.tell(newId(), status(`SX${n}`, 'delivered')),
  ]);
  const answers = await Promise.all(told);
  expect(answers).toEqual(ids.flatMap(() => [204, 204, 404]));
  expect(await states(line)).toEqual(ids.map((_, n) => (n % 3 === 0 ? 'undelivered' : 'delivered')));
});

test('F9 forged, tampered or missing signatures: 403 and not one row', async () => {
  const line = await openLine({ to: 1 });
  const [id = ''] = await called(line);
  const before = await everything(line);
  const [told, inbound] = [status('SM1', 'delivered'), { MessageSid: 'SM2', From: phone(0), To: FROM, Body: 'STOP' }];
  const [statuses, inbounds] = [`/webhooks/twilio/status?d=${line.tokenOf(id)}`, '/webhooks/twilio/inbound'];
  const signed = twilioSignature(TOKEN, line.url + statuses, new URLSearchParams(told));
  const answers = new Map<number, number>();
  const forge = async (path: string, fields: Record<string, string>, signature: string | null) => {
    const answer = await post(line.url + path, fields, signature);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  };
  for (let n = 0; n < 498; n++) {
    const guess = createHmac('sha1', `guess ${n}`).update(String(n)).digest('base64');
    await Promise.all([forge(statuses, told, guess), forge(inbounds, inbound, guess)]);
  }
  await forge(statuses, told, null);
  await forge(statuses, { ...told, MessageStatus: 'failed' }, signed);
  await forge(`${statuses}&x=1`, told, signed);
  await forge(inbounds, inbound, signed);
  expect([...answers]).toEqual([[403, 1000]]);
  expect(await everything(line)).toEqual(before);
});

const everything = async ({ portal }: Line) => [
  await rows(portal, sql`select * from delivery order by id`),
  await rows(portal, sql`select * from suppression`),
  await rows(portal, sql`select * from inbound`),
  await rows(portal, sql`select * from arrival`),
];

test('unknown, foreign and broken tokens are answered alike, and touch nobody', async () => {
  const line = await openLine({ to: 1 });
  const other = await shopIn(line.portal);
  await other.inside((db) => planTo(db, other.campaignId, phones(1)));
  const claim = await take(other);
  await ring(other, claim);
  const [theirs] = await deliveries(other);
  const told = status('SM1', 'delivered');
  const token = line.tokenOf(theirs?.id ?? '');
  const right = line.tokenOf(theirs?.id ?? '', other.company);
  const swapped = token.slice(0, 20) + right.slice(20);
  const answers = [
    await line.tell(newId(), told),
    await line.tell(theirs?.id ?? '', told),
    await line.tell('', told, { token: swapped }),
    await line.tell('', told, { token: 'x' }),
    await line.tell('', told, { token: '' }),
  ];
  expect(answers).toEqual([404, 404, 404, 404, 404]);
  expect(await deliveries(other)).toMatchObject([{ state: 'calling', sid: null }]);
});

test('21610 by callback is a STOP that only the provider knew of: it holds on all channels', async () => {
  const line = await openLine({ to: 1 });
  const next = await addCampaign(line.portal, line.company, { channel: 'viber' });
  const [id = ''] = await called(line);
  await line.inside((db) => planTo(db, next, [phone(0)], 'viber'));
  expect(await line.tell(id, status('SM1', 'failed', { ErrorCode: '21610' }))).toBe(204);
  expect(await deliveries(line)).toMatchObject([{ state: 'failed', error_code: '21610' }]);
  expect(await suppressions(line, phone(0))).toEqual([{ reason: 'provider', hint: '00' }]);
  expect(await deliveries({ ...line, campaignId: next })).toMatchObject([{ state: 'skipped', reason: 'stop' }]);
});

test('21610 at the create writes the same', async () => {
  const line = await openLine({ to: 1, knobs: { refused: 1 } });
  line.standin.turn({ refusedCode: 21610 });
  await line.work();
  expect(await deliveries(line)).toMatchObject([{ state: 'failed', error_code: '21610' }]);
  expect(await suppressions(line, phone(0))).toEqual([{ reason: 'provider', hint: '00' }]);
});

test('what is too large, or no news, is refused or passed over', async () => {
  const line = await openLine({ to: 1 });
  const [id = ''] = await called(line);
  expect(await line.tell(id, status('SM1', 'delivered', { Body: 'x'.repeat(70_000) }))).toBe(413);
  expect(await line.tell(id, status('SM1', 'dreaming'))).toBe(204);
  expect(await line.tell(id, status('', 'delivered'))).toBe(204);
  expect(await states(line)).toEqual(['calling']);
});

test('S-05, S-06 the API of a channel tells under its own signature, and only of its own deliveries', async () => {
  const settings = {
    VIBER_API_URL: 'http://127.0.0.1:9',
    VIBER_TOKEN: 'viber token',
    MESSENGER_API_URL: 'http://127.0.0.1:9',
    MESSENGER_TOKEN: 'messenger token',
  };
  const line = await openLine({ to: 1, channel: 'viber', settings });
  const [id = ''] = await called(line);
  const say = async (told: object | string, token = 'viber token') => {
    const body = typeof told === 'string' ? told : JSON.stringify(told);
    const signature = createHmac('sha256', token).update(body).digest('hex');
    const address = `${line.url}/webhooks/messages/status?d=${line.tokenOf(id)}`;
    const headers = { 'content-type': 'application/json', 'X-Signature': signature };
    return (await fetch(address, { method: 'POST', headers, body })).status;
  };
  const told = { id: 'v-1', status: 'delivered' };
  expect([
    await say(told, 'guess'),
    await say(told, 'messenger token'),
    await say('{"id'),
    await say({ id: 1 }),
  ]).toEqual([403, 404, 400, 400]);
  expect(await states(line)).toEqual(['calling']);
  expect([await say(told), await say(told)]).toEqual([204, 204]);
  expect(await deliveries(line)).toMatchObject([{ state: 'delivered', sid: 'v-1' }]);
});
