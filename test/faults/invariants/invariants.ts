import { drift } from '../../../src/identity/identity.ts';
import type { Stage } from '../stage.ts';
import { orphans } from './files.ts';
import { finishJobs } from './finish-jobs.ts';
import { ofJournal } from './journal.ts';
import { ofAnotherCompany } from './parents.ts';
import { RULES } from './rows.ts';

/** What was found before stays found: only the fault that did it is told so. */
const before = new WeakMap<Stage, ReadonlyMap<string, number>>();

/** What is not as it must be since the last time this was asked, in words; nothing: all holds. */
export async function invariants(stage: Stage): Promise<string[]> {
  const { held, left } = await finishJobs(stage);
  const asked: [string, number][] = [
    ...Object.entries(await ofJournal(stage)),
    ['I4 jobs that somebody has held for too long', held],
    ['I4 jobs that are due and taken by nobody', left],
    ['I5 counters that differ from their rows', await drifted(stage)],
    ['I6 rows of another company than their parent', await ofAnotherCompany(stage)],
    ...Object.entries(await orphans(stage)),
  ];
  for (const { id, says, text } of RULES) {
    const [row] = await stage.ask<{ count: number }>(text);
    asked.push([`${id} ${says}`, row?.count ?? Number.NaN]);
  }
  const known = before.get(stage);
  before.set(stage, new Map(asked));
  // Not a number is more than any.
  return asked
    .filter(([what, count]) => !(count <= (known?.get(what) ?? 0)))
    .map(([what, count]) => `${what}: ${count}`);
}

/** As `check:counters` does. */
async function drifted({ services: { tenancy } }: Stage): Promise<number> {
  let total = 0;
  for (const company of await tenancy.companiesOfOperator()) {
    const { customers, days, uncounted } = await tenancy.inSnapshot(company, drift);
    total += customers + days + uncounted;
  }
  return total;
}
