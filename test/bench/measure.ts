import { storm, type Target, timeOnce } from './load.ts';

/** Milliseconds; `perSecond` is the number of answers a second of all clients together. */
export interface Figures {
  median: number;
  p95: number;
  perSecond: number;
  samples: number;
}

export interface Compared {
  one: { ours: Figures; bare: Figures };
  ten: { ours: Figures; bare: Figures };
}

const CLIENTS = 10;

/**
 * Two pages side by side: one client asks them in turn, then ten clients storm one and the other by turns of half a second.
 * Whatever else the machine does meanwhile, it does to both.
 */
export async function compare(ours: Target, bare: Target, seconds: number): Promise<Compared> {
  for (let n = 0; n < 50; n++) await Promise.all([timeOnce(ours, n), timeOnce(bare, n)]);
  return { one: await inTurn(ours, bare, seconds), ten: await byTurns(ours, bare, seconds) };
}

async function inTurn(ours: Target, bare: Target, seconds: number): Promise<Compared['one']> {
  const taken: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  const end = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < end || n < 10; n++) {
    taken.ours.push(await timeOnce(ours, n));
    taken.bare.push(await timeOnce(bare, n));
  }
  return { ours: figures(taken.ours, sum(taken.ours)), bare: figures(taken.bare, sum(taken.bare)) };
}

const TURN = 500;

async function byTurns(ours: Target, bare: Target, seconds: number): Promise<Compared['ten']> {
  const taken: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  const spent = { ours: 0, bare: 0 };
  for (let turn = 0; turn < Math.max(2, seconds); turn++) {
    for (const [name, target] of [
      ['ours', ours],
      ['bare', bare],
    ] as const) {
      const start = performance.now();
      taken[name].push(...(await storm(target, CLIENTS, TURN)));
      spent[name] += performance.now() - start;
    }
  }
  return { ours: figures(taken.ours, spent.ours), bare: figures(taken.bare, spent.bare) };
}

function figures(taken: number[], milliseconds: number): Figures {
  const sorted = [...taken].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), perSecond: (taken.length / milliseconds) * 1000, samples: taken.length };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
