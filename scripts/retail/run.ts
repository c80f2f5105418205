import { addDays, dayOf } from '../../src/kernel/time.ts';
import type { Target } from './client.ts';
import { newExpectation } from './expectation.ts';
import { readFile } from './file.ts';
import { load } from './load.ts';
import { ZONE } from './order.ts';
import { type Output, openProgress } from './progress.ts';
import { comparisonOf, summaryOf } from './summary.ts';
import { newSurvey, surveyLine } from './survey.ts';
import { readPortal } from './verify.ts';

export interface Wishes {
  file: string;
  target: Target;
  now: Date;
  /** the day that the newest order gets; undefined: yesterday */
  newest: string | undefined;
  concurrency: number;
  /** whether to compare the list of the company with the file */
  verify: boolean;
  out: Output;
}

/** Loads the file and prints what became of it. false: a line is unaccounted for, an order was refused, or the list differs. */
export async function loadFile({ file, target, now, newest, concurrency, verify, out }: Wishes): Promise<boolean> {
  out.write(`looking through ${file}\n`);
  const [survey, expectation] = [newSurvey(), newExpectation()];
  for await (const line of readFile(file)) {
    surveyLine(survey, line);
    expectation.add(line);
  }
  const lastDay = newest ?? addDays(dayOf(now, ZONE), -1);
  const shift = survey.newest === null ? 0 : daysBetween(survey.newest, lastDay);

  const bar = openProgress(out, survey.lines);
  const progress: Parameters<typeof load>[0]['progress'] = ({ lines, orders }) => bar.show(lines, sum(orders));
  const tally = await load({ file, target, survey, shift, concurrency, progress });
  const seconds = bar.end();

  const summary = summaryOf(tally, survey.lines);
  const found = verify ? await readPortal(target) : null;
  const orders = sum(tally.orders) - tally.orders.rejected;
  const comparison = comparisonOf(expectation.finish(shift, now), found && { orders, ...found });
  const speed = `${seconds.toFixed(1)} s, ${Math.round(sum(tally.orders) / Math.max(seconds, 0.001))} orders/s`;
  out.write(`\n${summary.text}\n${comparison.text}\n${speed}\n`);
  return summary.right && comparison.right;
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
