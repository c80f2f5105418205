/** How the stand-in treats each create: chances from 0 to 1, the rest is taken and answered as it should be. */
export interface Knobs {
  /** the same seed treats the n-th create the same way */
  readonly seed: number;
  /** 429 with Retry-After: never taken */
  readonly tooMany: number;
  readonly retryAfterSeconds: number;
  /** 500, never taken */
  readonly errorBefore: number;
  /** taken, then 500 */
  readonly errorAfter: number;
  /** taken, never answered */
  readonly hang: number;
  /** taken, then the connection is cut in the middle of the answer */
  readonly cut: number;
  /** taken, and the answer is no JSON */
  readonly garbled: number;
  /** 400, never taken */
  readonly refused: number;
  /** with this code */
  readonly refusedCode: number;
  /** so long an answer takes, in milliseconds, at least and at most */
  readonly latency: readonly [number, number];
  readonly callbacks: CallbackKnobs;
}

/** What becomes of a message is told to its StatusCallback. */
export interface CallbackKnobs {
  /** how often each is told, at least and at most */
  readonly copies: readonly [number, number];
  /** in any order, instead of the order of things */
  readonly shuffled: boolean;
  /** chance that all of a message are lost */
  readonly lost: number;
  /** chance that they come before the create is answered */
  readonly early: number;
  /** milliseconds after the create, at least and at most */
  readonly delay: readonly [number, number];
  /** chance that the message ends undelivered, with 30003 */
  readonly undelivered: number;
}

export const NO_CALLBACKS: CallbackKnobs = {
  copies: [1, 1],
  shuffled: false,
  lost: 1,
  early: 0,
  delay: [0, 0],
  undelivered: 0,
};

/** Takes everything at once and tells nothing. */
export const QUIET: Knobs = {
  seed: 1,
  tooMany: 0,
  retryAfterSeconds: 1,
  errorBefore: 0,
  errorAfter: 0,
  hang: 0,
  cut: 0,
  garbled: 0,
  refused: 0,
  refusedCode: 21211,
  latency: [0, 0],
  callbacks: NO_CALLBACKS,
};

export type Fate = 'tooMany' | 'errorBefore' | 'refused' | 'errorAfter' | 'hang' | 'cut' | 'garbled' | 'fine';

const FATES = ['tooMany', 'errorBefore', 'refused', 'errorAfter', 'hang', 'cut', 'garbled'] as const;

export const isTaken = (fate: Fate): boolean => !['tooMany', 'errorBefore', 'refused'].includes(fate);

export function fateOf(knobs: Knobs, random: () => number): Fate {
  let left = random();
  for (const fate of FATES) {
    left -= knobs[fate];
    if (left < 0) return fate;
  }
  return 'fine';
}

export const between = ([least, most]: readonly [number, number], random: () => number): number =>
  least + random() * (most - least);
