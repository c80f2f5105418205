import { call, site } from '../bench/load.ts';
import { residentMegabytes } from '../bench/processes.ts';
import type { Stage } from './stage.ts';

/** Megabytes of one process, [seconds, megabytes] each. */
export interface Line {
  name: string;
  resident: [number, number][];
  /** of JavaScript alone, where `/metrics` tells */
  heap: [number, number][];
}

const EVERY = 3000;
const HEAP_EVERY = 5;

/** Looks at every process each three seconds, from now on until it is stopped. */
export function watchMemory({ parts, metricsToken }: Stage): { lines: readonly Line[]; stop(): void } {
  const lines: Line[] = parts.map(({ name }) => ({ name, resident: [], heap: [] }));
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let rounds = 0;
  const look = () => {
    for (const [at, { child, port }] of parts.entries()) {
      const resident = residentMegabytes(child.pid);
      if (resident !== null && child.running()) lines[at]?.resident.push([seconds(), resident]);
      if (port !== null && rounds % HEAP_EVERY === 0) void heapOf(port, metricsToken, seconds(), lines[at]);
    }
    rounds++;
  };
  look();
  const timer = setInterval(look, EVERY);
  return { lines, stop: () => clearInterval(timer) };
}

async function heapOf(port: number, token: string, at: number, line: Line | undefined): Promise<void> {
  const answer = await call(site(port, { authorization: `Bearer ${token}` }), '/metrics').catch(() => null);
  const bytes = /^nodejs_heap_size_used_bytes (\S+)/m.exec(answer?.body ?? '')?.[1];
  if (bytes !== undefined) line?.heap.push([at, Number(bytes) / 2 ** 20]);
}

export interface Flatness {
  start: number;
  max: number;
  earlier: number;
  later: number;
  ratio: number;
}

/** The mean of the later half beside that of the earlier one. The first tenth is left out: caches fill, code is compiled. */
export function flatness(points: readonly [number, number][]): Flatness {
  const all = points.map(([, megabytes]) => megabytes);
  const warm = all.slice(Math.floor(all.length / 10));
  const half = Math.floor(warm.length / 2);
  const [earlier, later] = [mean(warm.slice(0, half)), mean(warm.slice(half))];
  return { start: all[0] ?? Number.NaN, max: Math.max(...all), earlier, later, ratio: later / earlier };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
