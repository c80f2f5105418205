import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  /** The user to run as; only root may choose. */
  user?: { uid: number; gid: number } | undefined;
  /** File descriptor for its output; unset: none. */
  output?: number | undefined;
  /** A folder to delete once the child is gone. */
  scratch?: string | undefined;
}

export interface Child {
  pid: number;
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<void>;
  running(): boolean;
  /** SIGINT, and SIGKILL for one that has not ended after `patience` milliseconds. */
  stop(patience?: number): Promise<void>;
}

/**
 * Starts a server that cannot outlive this process. A shell beside it waits for the end of a pipe that only we hold
 * open: when we die, also by `kill -9`, the pipe closes and the shell stops the server. Both live in a process group of
 * their own, so Ctrl-C in the terminal reaches us first and we stop the server when our own work is finished.
 */
export async function startChild(command: string, args: string[], options: ChildOptions = {}): Promise<Child> {
  const output = options.output ?? 'ignore';
  // cwd: the folder we are in may be closed to another user
  const common = { detached: true, cwd: '/', ...options.user };
  const child = spawn(command, args, { ...common, stdio: ['ignore', output, output] });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const guard = spawn('/bin/sh', ['-c', GUARD, String(pid), options.scratch ?? ''], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  child.unref();
  const ended = once(child, 'exit').then(() => {
    guard.stdin?.destroy();
  });
  return { pid, ended, running: () => isRunning(child), stop: (patience = 10_000) => stop(child, ended, patience) };
}

// $0 the server, $1 the folder to delete. Bounded: a server that has not obeyed SIGINT for 15 seconds is killed.
const GUARD = `read -r line
kill -INT "$0" 2>/dev/null
tries=0
while [ "$tries" -lt 150 ] && kill -0 "$0" 2>/dev/null; do
  tries=$((tries + 1))
  sleep 0.1
done
kill -KILL "$0" 2>/dev/null
[ -z "$1" ] || rm -rf "$1"`;

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function stop(child: ChildProcess, ended: Promise<void>, patience: number): Promise<void> {
  if (!isRunning(child)) return;
  child.ref();
  child.kill('SIGINT');
  const kill = setTimeout(() => child.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(kill);
}
