import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a command in the project's folder and answers its exit code. Its output goes to our standard error, unless `output` is
 * `inherit`. A signal for us is passed on, so that nothing stays behind.
 */
export function runCommand(command, args, { env = {}, output = 2 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output === 'inherit' ? 'inherit' : 2],
    });
    const pass = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, pass);
    const settle = (answer) => {
      for (const signal of SIGNALS) process.off(signal, pass);
      answer();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code, signal) => settle(() => resolve(signal ? 1 : code)));
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One line for the person at the terminal, and the end. */
export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
