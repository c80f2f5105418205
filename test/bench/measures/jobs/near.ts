import { findNear } from '../../../../src/duplicates/duplicates.ts';
import { type JobFigures, type JobStage, timed } from './job-stage.ts';

/** Same names in one region, and numbers that differ in one digit. */
export async function near({ services, company, main, ask }: JobStage): Promise<JobFigures> {
  await ask(`delete from duplicate where company_id = $1 and reason in ('name', 'digit')`, [main]);
  let found = 0;
  const ours = await timed(async () => {
    found = await findNear(services, company);
  });
  const bare = await timed(async () => {
    await ask(NAMES, [main]);
    for (let place = 1; place <= 9; place++) await ask(DIGIT, [main, place]);
  });
  return { ours, bare, note: `${found} found` };
}

const NAMES = `
  select array_agg(id) from customer where company_id = $1 and listed group by name_folded, region having count(*) between 2 and 3 limit 100`;

const DIGIT = `
  select array_agg(value) from contact where company_id = $1 and kind = 'phone' and not shared
  group by overlay(value placing '_' from length(value) + 1 - $2::int for 1) having count(*) between 2 and 3 limit 100`;
