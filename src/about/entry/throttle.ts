import type { Limit, Limiter } from '../../platform/limiter.ts';
import { network } from '../../platform/network.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

// Each SMS costs the portal money and somebody's peace; each code is five guesses.
const TO_NUMBER: Limit = { name: 'about-number', points: 3, seconds: HOUR, lasting: true };
const TO_NUMBER_A_DAY: Limit = { name: 'about-number-day', points: 8, seconds: DAY, lasting: true };
// A family, an office, or a whole mobile network may stand behind one address.
const BY_ADDRESS: Limit = { name: 'about-address', points: 20, seconds: HOUR, lasting: true };
const GUESSES: Limit = { name: 'about-guess', points: 60, seconds: HOUR, lasting: true };
const WRITINGS: Limit = { name: 'about-writing', points: 20, seconds: DAY, lasting: true };

/** Seconds to wait for the next code; 0: it may be sent. Known and unknown numbers wait alike. */
export async function waitForCode(limiter: Limiter, address: string, phoneKey: string): Promise<number> {
  const wait = await limiter.take(BY_ADDRESS, network(address));
  if (wait > 0) return wait;
  return (await limiter.take(TO_NUMBER, phoneKey)) || limiter.take(TO_NUMBER_A_DAY, phoneKey);
}

/** Five tries are all that a code has; this stops who collects many codes from one place. */
export const waitForGuess = (limiter: Limiter, address: string): Promise<number> =>
  limiter.take(GUESSES, network(address));

/** What the portal as a whole sends a day, unless `portal_setting` says something else. */
export const CODES_A_DAY = 2000;

/** Seconds until the portal sends codes again; 0: it may. Whoever asks from a thousand places costs no more than this. */
export const waitForPortal = (limiter: Limiter, most: number): Promise<number> =>
  limiter.take({ name: `about-portal-${most}`, points: most, seconds: DAY, lasting: true }, 'codes');

/** Answers, disputes, objections and requests of one person: people read them. */
export const waitForWriting = (limiter: Limiter, phoneKey: string): Promise<number> => limiter.take(WRITINGS, phoneKey);
