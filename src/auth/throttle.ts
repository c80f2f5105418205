import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Patience } from '../platform/limiter.ts';
import type { Services } from '../web/services.ts';
import { readDevice } from './device.ts';

const QUARTER = 15 * 60;
const ACCOUNT: Patience = { name: 'login-account', free: 5, longest: QUARTER };
const DEVICE: Patience = { name: 'login-device', free: 5, longest: QUARTER };
// An office, or a whole mobile network, may stand behind one address.
const ADDRESS: Patience = { name: 'login-address', free: 30, longest: QUARTER };

export interface Turn {
  /** seconds; 0: it is this attempt's turn */
  wait: number;
  /** To be called when the password was right. */
  succeeded(): Promise<void>;
}

/**
 * Slows guessing down without locking anybody out. Strangers share one queue per account and one per address; a browser that
 * once signed in to the account has a queue of its own, so that whoever hammers at the account keeps only strangers waiting.
 */
export async function takeTurn(req: Request, services: Services, email: string, userId: string | null): Promise<Turn> {
  const { limiter } = services;
  const device = readDevice(req, services);
  if (device && userId && device.users.includes(userId)) {
    const key = `${device.id}:${userId}`;
    return { wait: await limiter.attempt(DEVICE, key), succeeded: () => limiter.forget(DEVICE, key) };
  }
  const account = createHash('sha256').update(email).digest('hex').slice(0, 40);
  const address = req.ip ?? '';
  let wait = await limiter.attempt(ADDRESS, address);
  if (wait === 0) {
    wait = await limiter.attempt(ACCOUNT, account);
    if (wait > 0) await limiter.forgive(ADDRESS, address);
  }
  return {
    wait,
    // Somebody's own sign-in must not wipe out what the same address has done to other accounts.
    succeeded: async () => {
      await Promise.all([limiter.forget(ACCOUNT, account), limiter.forgive(ADDRESS, address)]);
    },
  };
}
