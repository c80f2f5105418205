import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { openRandom } from '../../../src/demo/random.ts';
import { deliveries, phone } from '../../ledger/make.ts';
import { closeLines, openLine, suppressions } from '../webhooks/make.ts';

afterEach(closeLines);

test('F10 STOP at any moment of a running campaign: nothing is handed over after its acknowledgement', async () => {
  const [recipients, stops] = [300, 60];
  const line = await openLine({ to: recipients, knobs: { latency: [5, 80], errorAfter: 0.05, tooMany: 0.02 } });
  const { next: random } = openRandom(7);
  const acknowledged = new Map<string, number>();
  const words = ['STOP', 'стоп', 'Stop.', 'ВІДПИСАТИСЬ', 'unsubscribe'];
  const stop = async (n: number) => {
    const from = phone(Math.floor((n / stops) * recipients));
    await sleep(random() * 1500);
    expect(await line.write(from, words[n % words.length] ?? '')).toBe(200);
    acknowledged.set(from, Date.now());
  };
  await Promise.all([
    line.work({ batch: 40, group: 4, concurrency: 16 }),
    ...Array.from({ length: stops }, (_, n) => stop(n)),
  ]);
  await line.work();
  const late = line.standin.taken.filter(
    ({ to, at }) => at.getTime() > (acknowledged.get(to) ?? Number.POSITIVE_INFINITY),
  );
  expect(late).toEqual([]);
  expect(acknowledged.size).toBe(stops);
  for (const from of acknowledged.keys()) expect(await suppressions(line, from)).toHaveLength(1);
  const rows = await deliveries(line);
  const left = rows.filter(({ state }) => ['planned', 'claimed', 'calling'].includes(state));
  expect([rows.length, left]).toEqual([recipients, []]);
  for (const { address, reason } of rows.filter(({ state }) => state === 'skipped')) {
    expect([acknowledged.has(address ?? ''), reason]).toEqual([true, 'stop']);
  }
  expect([...line.reached().values()].every((times) => times === 1)).toBe(true);
});
