import { findProgram, PROGRAMS } from '../../scripts/programs.mjs';

/** The browser of the browser tests: the path of its program. */
export function findChromium(): string {
  return found('chromium', findProgram(PROGRAMS.chromium));
}

export function findRedis(): string {
  return found('redis-server', findProgram(PROGRAMS.redis));
}

function found(name: string, path: string | null): string {
  if (path) return path;
  throw new Error(`The tests need ${name}: install it and run them again`);
}
