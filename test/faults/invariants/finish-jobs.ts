import { runJob } from '../../../jobs/run.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';

const GRACE_SECONDS = 10;
const MOST_SECONDS = 120;

export interface Stuck {
  /** by somebody who is gone, after lease and grace */
  held: number;
  /** due, and nobody can take them */
  left: number;
}

/**
 * Does what is due, as a worker would that is there: only what nobody would ever take up again is stuck. Letters are left to
 * whoever knows the mail server.
 */
export async function finishJobs({ options, services, channels, ask }: Stage): Promise<Stuck> {
  const held = () => ask<{ id: string }>('select id from job where leased_until > now()');
  await until(async () => (await held()).length === 0, options.lease + GRACE_SECONDS, 100);
  const bench = { services, channels, mailer: null, stopping: new AbortController().signal };
  const due = () => ask<{ id: string }>(DUE);
  const end = performance.now() + MOST_SECONDS * 1000;
  let ids = await due();
  for (; ids.length > 0 && performance.now() < end; ids = await due()) {
    for (const { id } of ids) await runJob(bench, id);
  }
  return { held: (await held()).length, left: ids.length };
}

const DUE = `
  select id from job where due_at <= now() and (leased_until is null or leased_until < now()) and name <> 'mail.send'
  order by due_at, created_at`;
