import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../../platform/log.ts';

/** Tries again, with a growing pause: what became of a call must not be lost with a connection of the database. */
export async function insist<T>(work: () => Promise<T>, tries = 8): Promise<T> {
  for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await work();
    } catch (error) {
      if (--tries <= 0) throw error;
      log.warn({ err: error }, 'the database did not take it; once more');
      await sleep(pause);
    }
  }
}
