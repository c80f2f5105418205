import { Gauge } from 'prom-client';
import { log } from '../platform/log.ts';
import { measured } from '../platform/measured.ts';
import { figures } from '../walls/walls.ts';
import type { Services } from '../web/services.ts';

const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [measured] });

const lastRun = gauge(
  'walls_last_run_seconds',
  'When the last look at the walls between companies ended, as Unix time; 0: never',
);
const companies = gauge('walls_last_run_companies', 'Companies that it opened');
const answers = gauge('walls_last_run_answers', 'Answers that it read');
const failures = gauge('walls_last_run_failures', 'What could not be opened in the last look that ended');
const leaks = gauge('walls_leaks_total', 'What companies were ever shown of others, in all looks');

/** The rows are the truth: every process tells the same, whichever of them looked. */
export async function measureWalls({ tenancy }: Pick<Services, 'tenancy'>): Promise<void> {
  try {
    const row = await tenancy.inPortal(figures);
    lastRun.set((row?.finished_at?.getTime() ?? 0) / 1000);
    companies.set(Number(row?.companies ?? 0));
    answers.set(Number(row?.answers ?? 0));
    failures.set(Number(row?.failures ?? 0));
    leaks.set(Number(row?.leaks ?? 0));
  } catch (error) {
    // The other figures matter most when the database is away.
    log.warn({ err: error }, 'what the walls are like could not be told');
  }
}
