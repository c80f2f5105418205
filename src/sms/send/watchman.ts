/** Says when a run looks at its campaign's failures: however many rows there are to count, a small part of the time. */
export interface Watchman {
  /** `soon`: there is reason to look; `regularly`: something may have happened elsewhere */
  isDue(how: 'soon' | 'regularly'): boolean;
  /** Looks, and remembers how long that took. */
  look<T>(work: () => Promise<T>): Promise<T>;
}

const SHARE = 20;
const REGULARLY = 2000;

export function openWatchman(): Watchman {
  let [ended, cost] = [Number.NEGATIVE_INFINITY, 0];
  return {
    isDue: (how) => performance.now() >= ended + Math.max(cost * SHARE, how === 'soon' ? 0 : REGULARLY),
    look: async (work) => {
      const began = performance.now();
      ended = Number.POSITIVE_INFINITY;
      try {
        return await work();
      } finally {
        ended = performance.now();
        cost = ended - began;
      }
    },
  };
}
