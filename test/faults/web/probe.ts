import { setInterval } from 'node:timers';
import { sleep } from '../wait.ts';

export interface Probed {
  asked: number;
  failed: number;
  /** milliseconds; of those that were answered right */
  p95: number;
  p99: number;
}

const PER_SECOND = 20;

/** Asks so often a second, as long as no more than `most` wait for their answers, while the work lasts: what a good user finds meanwhile. */
export async function probing<T>(
  ask: () => Promise<boolean>,
  work: () => Promise<T>,
  most = PER_SECOND,
): Promise<{ result: T } & Probed> {
  const taken: number[] = [];
  const underway = new Set<Promise<void>>();
  let [asked, failed] = [0, 0];
  const once = async () => {
    const start = performance.now();
    const right = await ask().catch(() => false);
    if (right) taken.push(performance.now() - start);
    else failed++;
  };
  const timer = setInterval(() => {
    if (underway.size >= most) return;
    asked++;
    const one = once();
    underway.add(one);
    void one.finally(() => underway.delete(one));
  }, 1000 / PER_SECOND);
  try {
    const result = await work();
    clearInterval(timer);
    await Promise.race([Promise.all(underway), sleep(LONGEST)]);
    return { result, asked, failed: failed + underway.size, p95: quantile(taken, 0.95), p99: quantile(taken, 0.99) };
  } finally {
    clearInterval(timer);
  }
}

const LONGEST = 30_000;

/** Milliseconds, rounded; NaN of nothing */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN);
}
