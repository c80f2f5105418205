import { drift } from '../../../src/identity/identity.ts';
import type { Stage } from '../stage.ts';
import { orphans } from './files.ts';
import { finishJobs } from './finish-jobs.ts';
import { ofJournal } from './journal.ts';
import { ofAnotherCompany } from './parents.ts';
import { RULES } from './rows.ts';

/** What is not as it must be after every fault, in words; nothing: all holds. */
export async function invariants(stage: Stage): Promise<string[]> {
  const still = await finishJobs(stage);
  const asked: [string, number][] = [
    ...Object.entries(await ofJournal(stage)),
    ['I4 jobs that somebody has held for too long', still],
    ['I5 counters that differ from their rows', await drifted(stage)],
    ['I6 rows of another company than their parent', await ofAnotherCompany(stage)],
    ...Object.entries(await orphans(stage)),
  ];
  for (const { id, says, text } of RULES) {
    const [row] = await stage.ask<{ count: number }>(text);
    asked.push([`${id} ${says}`, row?.count ?? Number.NaN]);
  }
  return asked.filter(([, count]) => count !== 0).map(([what, count]) => `${what}: ${count}`);
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
