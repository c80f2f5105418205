import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, startChild } from '../../src/platform/children.ts';
import { call, type Site } from './load.ts';

/** A node program of its own, that ends with this one. Its output goes to `<name>.log` in `folder`. */
export async function startProgram(
  name: string,
  folder: string,
  file: string,
  args: string[],
  env: Record<string, string>,
): Promise<Child> {
  const output = openSync(join(folder, `${name}.log`), 'w');
  const settings = Object.entries({ NODE_ENV: 'production', ...env }).map(([key, value]) => `${key}=${value}`);
  const loader = file.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
  const command = [...settings, process.execPath, ...loader, file, ...args];
  const child = await startChild('env', command, { output });
  closeSync(output);
  return child;
}

/** Waits for the first answer; throws with the last words of a program that ended or never answers. */
export async function answers(name: string, folder: string, child: Child, site: Site, path: string): Promise<void> {
  for (let tries = 0; tries < 600 && child.running(); tries++) {
    const answer = await call(site, path).catch(() => null);
    if (answer && answer.status < 500) return;
    await pause(100);
  }
  throw new Error(`${name} does not answer: ${readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2000)}`);
}

/** Resident memory in megabytes; null where the system does not tell (not Linux). */
export function residentMegabytes(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return null;
  }
}

/** Watches the memory of a process while the work runs. */
export async function watchMemory<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ result: T; start: number; max: number; end: number }> {
  const now = () => residentMegabytes(pid) ?? Number.NaN;
  const start = now();
  let max = start;
  const timer = setInterval(() => {
    max = Math.max(max, now());
  }, 50);
  try {
    const result = await work();
    return { result, start, max: Math.max(max, now()), end: now() };
  } finally {
    clearInterval(timer);
  }
}
