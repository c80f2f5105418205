import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { openRandom } from '../../../src/demo/random.ts';
import { deliveries, phone } from '../../ledger/make.ts';
import { closeLines, openLine, suppressions } from '../webhooks/make.ts';

afterEach(closeLines);

test('F10 STOP at any moment of a running campaign: nothing is handed over after its acknowledgement', async () => {
  // So slow a sender calls a group over a quarter of a second: whoever is in it says STOP about then.
  const [recipients, perSecond] = [160, 40];
  const line = await openLine({ to: recipients, perSecond, knobs: { latency: [5, 80], errorAfter: 0.05 } });
  const { next: random } = openRandom(7);
  const acknowledged = new Map<string, number>();
  const words = ['STOP', 'стоп', 'Stop.', 'ВІДПИСАТИСЬ', 'unsubscribe'];
  const stop = async (n: number) => {
    await sleep(Math.max(0, (n / perSecond) * 1000 + (random() - 0.5) * 800));
    expect(await line.write(phone(n), words[n % words.length] ?? '')).toBe(200);
    acknowledged.set(phone(n), Date.now());
  };
  const stops = Array.from({ length: recipients / 2 }, (_, n) => stop(n * 2));
  await Promise.all([line.work({ batch: 40, concurrency: 20, group: 10 }), ...stops]);
  await line.work();
  const late = line.standin.taken.filter(
    ({ to, at }) => at.getTime() > (acknowledged.get(to) ?? Number.POSITIVE_INFINITY),
  );
  expect(late).toEqual([]);
  expect(acknowledged.size).toBe(stops.length);
  for (const from of acknowledged.keys()) expect(await suppressions(line, from)).toHaveLength(1);
  const rows = await deliveries(line);
  const left = rows.filter(({ state }) => ['planned', 'claimed', 'calling'].includes(state));
  expect([rows.length, left]).toEqual([recipients, []]);
  for (const { address, reason } of rows.filter(({ state }) => state === 'skipped')) {
    expect([acknowledged.has(address ?? ''), reason]).toEqual([true, 'stop']);
  }
  expect([...line.reached().values()].every((times) => times === 1)).toBe(true);
});
