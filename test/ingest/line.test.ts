import { expect, test } from '@jest/globals';
import { inLine, MAX_WAITING } from '../../src/ingest/line.ts';

test('calls of a company come one after another, in their order; one that fails lets the next one in', async () => {
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const [first, second, third] = [inLine('a', work('1')), inLine('a', work('2', true)), inLine('a', work('3'))];
  await expect(second).rejects.toThrow('2');
  await Promise.all([first, third]);
  expect(seen).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
});

test('who comes when too many wait is sent away, and another company is not', async () => {
  let open = () => {};
  const gate = new Promise<void>((done) => {
    open = done;
  });
  const waiting = Array.from({ length: MAX_WAITING }, () => inLine('full', () => gate));
  expect(inLine('full', () => gate)).toBeNull();
  await inLine('other', async () => {});
  open();
  await Promise.all(waiting);
  await expect(inLine('full', async () => 'in')).resolves.toBe('in');
});
