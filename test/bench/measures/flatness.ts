import { bars } from '../bars.ts';
import { type Row, ratioRow } from '../report.ts';

/** Whether a process grew while it worked. The first tenth is left out: caches fill, code is compiled. */
export function flatness(name: string, memory: readonly number[]): Row {
  const warm = memory.slice(Math.floor(memory.length / 10));
  const most = (part: readonly number[]) => Math.max(...part);
  const [first, second] = [warm.slice(0, warm.length / 2), warm.slice(warm.length / 2)].map(most);
  const row = ratioRow(
    `${name}, memory: later half / earlier half`,
    'MB',
    second ?? Number.NaN,
    first ?? Number.NaN,
    bars.memory,
  );
  return { ...row, note: `start ${Math.round(memory[0] ?? Number.NaN)} MB, max ${Math.round(most(memory))} MB` };
}
