/** One answer. `at`: milliseconds since the first click. */
export interface Sample {
  page: string;
  group: string;
  at: number;
  milliseconds: number;
}

export interface Mistake {
  page: string;
  at: number;
  what: string;
}

/** What all people saw. */
export interface Book {
  samples: Sample[];
  mistakes: Mistake[];
  started: number;
}

export const openBook = (): Book => ({ samples: [], mistakes: [], started: performance.now() });

export interface Figures {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export function figures(milliseconds: readonly number[]): Figures {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Of each page, in the order in which they were first seen. */
export function byPage(samples: readonly Sample[]): Map<string, number[]> {
  const pages = new Map<string, number[]>();
  for (const { page, milliseconds } of samples) {
    const known = pages.get(page);
    if (known) known.push(milliseconds);
    else pages.set(page, [milliseconds]);
  }
  return pages;
}

/** [seconds, milliseconds] of each group: the p95 of every stretch of so many seconds that has at least ten answers. */
export function p95OverTime(samples: readonly Sample[], seconds: number): Map<string, [number, number][]> {
  const stretches = new Map<string, Map<number, number[]>>();
  for (const { group, at, milliseconds } of samples) {
    const stretch = Math.floor(at / 1000 / seconds);
    const known = stretches.get(group) ?? new Map<number, number[]>();
    stretches.set(group, known.set(stretch, [...(known.get(stretch) ?? []), milliseconds]));
  }
  const lines = [...stretches].map(([group, of]): [string, [number, number][]] => [
    group,
    [...of]
      .filter(([, each]) => each.length >= LEAST)
      .sort(([a], [b]) => a - b)
      .map(([stretch, each]) => [(stretch + 0.5) * seconds, figures(each).p95]),
  ]);
  return new Map(lines.sort(([a], [b]) => a.localeCompare(b)));
}

const LEAST = 10;
