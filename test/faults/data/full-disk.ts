import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Child } from '../../../src/platform/children.ts';

const run = promisify(execFile);

const MEGABYTES = 8;

/** A folder that can be filled up, for a while. */
export interface Disk {
  /** how it is made full, in words */
  how: string;
  /** Leaves so many bytes. */
  fill(room: number): Promise<void>;
  empty(): Promise<void>;
  /** Puts everything back as it was. */
  close(): Promise<void>;
}

/**
 * Where root may mount, a file system of 8 MB at the folder, full but for what is left of it: writes fail with ENOSPC. Elsewhere the
 * processes may write no larger file than that: writes fail with EFBIG.
 */
export async function openDisk(folder: string, processes: () => readonly Child[]): Promise<Disk> {
  mkdirSync(folder, { recursive: true });
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=0700`, 'clientele-faults', folder])
    .then(() => true)
    .catch(() => false);
  return mounted ? tmpfs(folder) : limited(processes);
}

function tmpfs(folder: string): Disk {
  const ballast = join(folder, 'ballast');
  return {
    how: `a file system of ${MEGABYTES} MB`,
    fill: async (room) => {
      rmSync(ballast, { force: true });
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - room)));
    },
    empty: async () => rmSync(ballast, { force: true }),
    close: async () => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
      await run('umount', [folder]);
    },
  };
}

function limited(processes: () => readonly Child[]): Disk {
  const limit = async (bytes: string) => {
    for (const { pid } of processes()) await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  };
  return {
    how: 'processes that may write no larger file (no right to mount one)',
    fill: (room) => limit(String(Math.max(1024, room))),
    empty: () => limit('unlimited'),
    close: async () => {},
  };
}
