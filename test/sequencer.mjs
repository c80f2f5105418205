import Sequencer from '@jest/test-sequencer';

/**
 * The files that take longest come first, so that at the end no worker waits for another's long one. Jest knows that only after a
 * first run, and a fresh checkout has had none.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}

const LONGEST = [
  '/test/browser/pages.test.ts',
  '/test/faults/',
  '/test/project/',
  '/test/browser/',
  '/test/walls/',
  '/test/queue/',
  '/test/moderation/',
  '/test/web/',
];

function rank({ path }) {
  const found = LONGEST.findIndex((part) => path.includes(part));
  return found < 0 ? LONGEST.length : found;
}
