/** Chances that fall the same way every time: the demo looks the same in every portal. */
export interface Random {
  /** 0 ≤ n < 1 */
  next(): number;
  /** a whole number, `from` and `to` included */
  whole(from: number, to: number): number;
  /** true in `part` of the cases */
  chance(part: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** one of the keys, as often as its weight says */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
}

export function openRandom(seed: number): Random {
  let state = seed;
  // mulberry32: small, and good enough for a shop window
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (part) => next() < part,
    pick: <T>(items: readonly T[]) => items[Math.floor(next() * items.length)] as T,
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>) => {
      const entries = Object.entries(weights) as [K, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries[0] as [K, number])[0];
    },
  };
}
