import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextBatch } from '../../src/imports/run.ts';

test('C-13 whoever works beside an import waits for an eighth of a second: slow batches shrink, quick ones grow, both within bounds', () => {
  expect(nextBatch(100, 1000)).toBe(12);
  expect(nextBatch(100, 60)).toBe(200);
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 500 }),
      fc.double({ min: 0.01, max: 1e7, noNaN: true }),
      (rows, milliseconds) => {
        const next = nextBatch(rows, milliseconds);
        expect(next).toBeGreaterThanOrEqual(10);
        expect(next).toBeLessThanOrEqual(Math.min(500, 2 * rows));
        if (milliseconds > 120) expect(next).toBeLessThanOrEqual(rows);
      },
    ),
  );
});
