// Loaded into a process under load before its program: whoever sends SIGWINCH, which says nothing to a program without a screen, has it throw away its garbage and write down what is left.
import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGWINCH', () => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  appendFileSync(process.env.LIVE_FILE, `${Date.now()} ${heapUsed + external}\n`);
});
