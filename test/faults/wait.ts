import { setTimeout as sleep } from 'node:timers/promises';

const STEP = 20;

/** Whether it became so within so many seconds. */
export async function until(isSo: () => boolean | Promise<boolean>, seconds: number, step = STEP): Promise<boolean> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(step)) {
    if (await isSo()) return true;
  }
  return isSo();
}

/** Milliseconds at random, at most so many. */
export const pause = (most: number, random: () => number): Promise<void> => sleep(random() * most);

export { sleep };
