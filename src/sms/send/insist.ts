import { setTimeout as sleep } from 'node:timers/promises';
import { codesOf } from '../../platform/errors.ts';
import { log } from '../../platform/log.ts';

/** A database that is started again, or given over to another machine, is back by then. */
const PATIENCE = 300;
/** So long a process that stops still tries. */
const PARTING = 5;

/**
 * Tries again, with a growing pause: what became of a call must not be lost with a connection of the database. Throws at once what
 * would be refused any other time too.
 */
export async function insist<T>(work: () => Promise<T>, signal: AbortSignal, seconds = PATIENCE): Promise<T> {
  let end = performance.now() + seconds * 1000;
  let parting = false;
  for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted && !parting) {
        parting = true;
        end = Math.min(end, performance.now() + PARTING * 1000);
      }
      if (isRefused(error) || performance.now() > end) throw error;
      log.warn({ err: error }, 'the database did not take it; once more');
      await sleep(parting ? Math.min(pause, 1000) : pause, undefined, parting ? {} : { signal }).catch(() => undefined);
    }
  }
}

// PostgreSQL: what is no value of its type, or breaks a rule of the table.
const REFUSED = /^2[23]\w{3}$/;

/** Whether the database has read it and does not want it. */
export const isRefused = (error: unknown): boolean => codesOf(error).some((code) => REFUSED.test(code));
