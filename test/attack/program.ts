import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKERS, type Attacker, findProgram } from '../../scripts/programs.mjs';

/** Runs one of the system's programs to its end, or ends it after so many seconds. Answers what it printed. */
export function runProgram(
  name: Attacker,
  args: readonly string[],
  { folder, log, seconds }: { folder: string; log: string; seconds: number },
): Promise<string> {
  const path = findProgram(ATTACKERS[name]);
  if (!path) throw new Error(`The attack needs ${name}: npm run attack installs it`);
  const file = join(folder, `${log}.txt`);
  const output = createWriteStream(file);
  // HOME: what they keep between runs stays in the folder of this one.
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(path, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const end = (signal: NodeJS.Signals) => child.pid && process.kill(-child.pid, signal);
  const timer = setTimeout(() => end('SIGINT'), seconds * 1000);
  const last = setTimeout(() => end('SIGKILL'), (seconds + 20) * 1000);
  const leave = () => end('SIGKILL');
  process.once('exit', leave);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      clearTimeout(last);
      process.off('exit', leave);
      output.end(() => resolve(readFileSync(file, 'utf8')));
    });
  });
}
