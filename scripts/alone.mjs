import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './run-command.mjs';

/** Web, worker and the operator's command may all start at once in a fresh clone: one installs and builds, the others wait. */
export async function alone(work) {
  const lock = join(root, '.data', 'prepare.lock');
  mkdirSync(join(root, '.data'), { recursive: true });
  while (!take(lock)) {
    if (!isAlive(holder(lock))) rmSync(lock, { force: true });
    else await pause(200);
  }
  const release = () => rmSync(lock, { force: true });
  process.on('exit', release);
  try {
    await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

/** The lock appears with its holder in it: who found it empty would take it for a dead one's. */
function take(lock) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
