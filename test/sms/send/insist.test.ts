import { expect, test } from '@jest/globals';
import { insist } from '../../../src/sms/send/insist.ts';

const away = () => Object.assign(new Error('the database is starting'), { code: '57P03' });
const never = new AbortController().signal;

/** Fails so often, then answers how often it was asked. */
function failing(times: number, error = away()) {
  let asked = 0;
  return {
    asked: () => asked,
    work: async () => {
      if (++asked <= times) throw error;
      return asked;
    },
  };
}

test('P-02 what is known is written down as soon as the database is back', async () => {
  expect(await insist(failing(4).work, never)).toBe(5);
});

test('P-02 what the database refuses is not offered again', async () => {
  const { work, asked } = failing(9, Object.assign(new Error('there is one'), { code: '23505' }));
  await expect(insist(work, never)).rejects.toThrow('there is one');
  expect(asked()).toBe(1);
});

test('P-02 it ends after its time', async () => {
  const { work, asked } = failing(Number.POSITIVE_INFINITY);
  await expect(insist(work, never, 0.2)).rejects.toThrow('starting');
  expect(asked()).toBeGreaterThan(1);
});

test('P-02 a process that stops tries a little longer, and the lease of what it could not write runs out', async () => {
  const stopping = new AbortController();
  const { work, asked } = failing(3);
  stopping.abort();
  expect(await insist(work, stopping.signal)).toBe(4);
  expect(asked()).toBe(4);
});
