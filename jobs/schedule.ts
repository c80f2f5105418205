import type { Regular } from '../src/queue/timetable.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Jobs that run again and again. */
export const timetable: readonly Regular[] = [
  { job: 'exports.expire', everySeconds: HOUR },
  { job: 'duplicates.plan', everySeconds: DAY },
  { job: 'about.clear', everySeconds: HOUR },
  { job: 'imports.expire', everySeconds: DAY },
  { job: 'campaigns.sweep', everySeconds: MINUTE },
  { job: 'deliveries.reconcile', everySeconds: 5 * MINUTE },
  { job: 'walls.plan', everySeconds: HOUR },
  { job: 'journal.write', everySeconds: MINUTE },
  { job: 'outbox.clear', everySeconds: DAY },
  { job: 'bulk.forget', everySeconds: DAY },
  { job: 'customers.erase', everySeconds: DAY },
];

/** How often every worker looks for rows that the queue lost or a killed worker held, and for missing rows of the timetable. */
export const SWEEP_SECONDS = 30;

// Sessions and throttles are not here: their stores clear themselves of what has expired.
