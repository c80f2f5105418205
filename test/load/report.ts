import { columns } from '../bench/columns.ts';
import { short } from '../bench/report.ts';
import type { Line as Memory } from './memory.ts';
import { flatness } from './memory.ts';
import type { Name, Progress } from './progress.ts';
import type { Proof } from './proof.ts';
import { type Book, byPage, figures, p95OverTime } from './samples.ts';
import { draw } from './svg.ts';
import type { Trace } from './trace.ts';

/** All that one run has to say. */
export interface Result {
  book: Book;
  /** seconds that people clicked for */
  seconds: number;
  memory: readonly Memory[];
  works: Readonly<Partial<Record<Name, Progress>>>;
  proofs: readonly Proof[];
  trace: Trace;
  /** how many requests went to each web process; null: there was one */
  passed: readonly number[] | null;
  /** what the proxy could not pass on, and callbacks that were not answered with 2xx */
  failures: readonly string[];
  /** the most by which memory may grow */
  bar: number;
}

export function pagesTable({ book }: Result): string {
  const all = figures(book.samples.map(({ milliseconds }) => milliseconds));
  const wrong = (page: string) => book.mistakes.filter((mistake) => mistake.page === page).length;
  const pages = [...byPage(book.samples)].sort(([a], [b]) => a.localeCompare(b));
  const only = book.mistakes.map(({ page }) => page).filter((page) => !pages.some(([name]) => name === page));
  const rows = pages.map(([page, of]) => ({ page, ...figures(of), wrong: wrong(page) }));
  const dead = [...new Set(only)].map((page) => ({ page, ...figures([]), wrong: wrong(page) }));
  const total = { page: 'all', ...all, wrong: book.mistakes.length };
  return columns([
    ['page', 'answers', 'p50 ms', 'p95 ms', 'p99 ms', 'most ms', 'errors'],
    ...[...rows, ...dead, total].map(({ page, count, p50, p95, p99, max, wrong: errors }) => [
      ...[page, count.toLocaleString('en'), short(p50), short(p95), short(p99), short(max), String(errors)],
    ]),
  ]);
}

export function memoryTable({ memory, bar }: Result): string {
  const rows = memory.flatMap(({ name, resident, live }) => [
    ...(resident.length > 0 ? [[name, ...least(resident), '']] : []),
    ...(live.length > 3 ? [[`${name}, ${LEFT}`, ...least(live), flatness(live).ratio <= bar ? 'flat' : 'GROWS']] : []),
  ]);
  return columns([['memory', 'start MB', 'most MB', 'least, earlier', 'least, later', 'ratio', ''], ...rows]);
}

const LEFT = 'without garbage';

function least(points: readonly [number, number][]): string[] {
  const { start, max, earlier, later, ratio } = flatness(points);
  return [...[start, max, earlier, later].map(short), ratio.toFixed(2)];
}

export function proofTable({ proofs }: Result): string {
  const rows = proofs.map(({ what, wanted, found, doubled }) => [
    ...[what, ...[wanted, found, Math.max(0, wanted - found), doubled].map((count) => count.toLocaleString('en'))],
    found === wanted && doubled === 0 ? 'ok' : 'MISSED',
  ]);
  return columns([['what', 'acknowledged', 'found', 'lost', 'doubled', ''], ...rows]);
}

/** Everything that is not as it has to be; empty: all is well. */
export function misses(result: Result): string[] {
  const { book, proofs, memory, trace, failures, works, bar } = result;
  return [
    ...(book.mistakes.length > 0
      ? [`${book.mistakes.length} errors, the first: ${JSON.stringify(book.mistakes[0])}`]
      : []),
    ...proofs
      .filter(({ wanted, found, doubled }) => wanted !== found || doubled > 0)
      .map(({ what, wanted, found, doubled }) => `${what}: ${found} of ${wanted}, doubled ${doubled}`),
    ...memory
      .filter(({ live }) => flatness(live).ratio > bar)
      .map(({ name, live }) => `${name} grows: ${flatness(live).ratio.toFixed(2)}`),
    ...Object.entries(works)
      .filter(([, { state }]) => state !== 'done' && state !== 'finished')
      .map(([name, { state }]) => `the ${name} is ${state}`),
    ...(trace.takenOver > 0 ? [`${trace.takenOver} jobs were taken from a worker that had lost its lease`] : []),
    ...(trace.givenUp > 0 ? [`${trace.givenUp} jobs were given up`] : []),
    ...failures,
  ];
}

/** Two pictures: file name → its text. */
export function pictures({ book, memory, works }: Result): Record<string, string> {
  const marks = Object.entries(works).flatMap(([name, { seconds }]) =>
    seconds === null ? [] : [{ from: 0, to: seconds / 60, name }],
  );
  const minutes = (points: readonly (readonly [number, number])[]) =>
    points.map(([seconds, value]): [number, number] => [seconds / 60, value]);
  const lines = memory.flatMap(({ name, resident, live }) => [
    { name, points: minutes(resident) },
    ...(live.length > 1 ? [{ name: `${name}, ${LEFT}`, points: minutes(live) }] : []),
  ]);
  const longest = Math.max(60, ...book.samples.map(({ at }) => at / 1000));
  const waits = [...p95OverTime(book.samples, longest / 20)].map(([name, points]) => ({
    name,
    points: minutes(points),
  }));
  return {
    'load-memory.svg': draw({ title: 'Memory of each process under load', x: 'minutes', y: 'MB', lines, marks }),
    'load-p95.svg': draw({
      title: 'Nineteen of twenty answers came within',
      x: 'minutes',
      y: 'ms',
      lines: waits,
      marks,
    }),
  };
}
