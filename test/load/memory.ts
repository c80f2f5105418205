import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rootPath } from '../../src/platform/root.ts';
import { residentMegabytes } from '../bench/processes.ts';
import type { Stage } from './stage.ts';

/** Megabytes of one process, [seconds, megabytes] each. */
export interface Line {
  name: string;
  resident: [number, number][];
  /** what is left of JavaScript and its buffers when all garbage is thrown away */
  live: [number, number][];
}

const EVERY = 3000;
const LIVE_EVERY = 10;

/** What a process needs in its environment so that it can be asked what is left. */
export function askable(folder: string, name: string): Record<string, string> {
  rmSync(liveFile(folder, name), { force: true });
  const hook = pathToFileURL(rootPath('test', 'load', 'live.mjs'));
  return { NODE_OPTIONS: `--import ${hook}`, LIVE_FILE: liveFile(folder, name) };
}

const liveFile = (folder: string, name: string): string => join(folder, `live-${name}`);

/** Looks at every process each three seconds, and each half minute at what is left, from now on until it is stopped. */
export function watchMemory({ parts, cluster }: Stage): { lines: readonly Line[]; stop(): void } {
  const lines: Line[] = parts.map(({ name }) => ({ name, resident: [], live: [] }));
  const [started, date] = [performance.now(), Date.now()];
  let rounds = 0;
  const look = () => {
    for (const [at, { child }] of parts.entries()) {
      const resident = residentMegabytes(child.pid);
      if (resident === null || !child.running()) continue;
      lines[at]?.resident.push([(performance.now() - started) / 1000, resident]);
      if (rounds % LIVE_EVERY === 0) process.kill(child.pid, 'SIGWINCH');
    }
    rounds++;
  };
  look();
  const timer = setInterval(look, EVERY);
  const stop = () => {
    clearInterval(timer);
    for (const line of lines) line.live.push(...readLive(liveFile(cluster.dataDir, line.name), date));
  };
  return { lines, stop };
}

function readLive(file: string, since: number): [number, number][] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return lines.map((line) => {
    const [at = 0, bytes = 0] = line.split(' ').map(Number);
    return [(at - since) / 1000, bytes / 2 ** 20];
  });
}

export interface Flatness {
  start: number;
  max: number;
  earlier: number;
  later: number;
  ratio: number;
}

/**
 * The least of the later half beside that of the earlier one: what never goes away again. What a job holds while it runs goes, and so does garbage. The
 * first tenth is left out: caches fill, code is compiled.
 */
export function flatness(points: readonly [number, number][]): Flatness {
  const all = points.map(([, megabytes]) => megabytes);
  const warm = all.slice(Math.floor(all.length / 10));
  const half = Math.floor(warm.length / 2);
  const [earlier, later] = [Math.min(...warm.slice(0, half)), Math.min(...warm.slice(half))];
  return { start: all[0] ?? Number.NaN, max: Math.max(...all), earlier, later, ratio: later / earlier };
}
