import { clearNumbers } from '../../../../src/identity/identity.ts';
import { phoneTraits } from '../../../../src/kernel/phone.ts';
import { type JobFigures, type JobStage, timed } from './job-stage.ts';

const NUMBERS = 20_000;

/** Numbers of which nobody knows yet whether they may take SMS, as after an update from a version that did not ask. */
export async function numbers({ services, company, main, ask }: JobStage): Promise<JobFigures> {
  const forget = () => ask<{ value: string }>(FORGET, [main, NUMBERS]);
  const rows = await forget();
  const ours = await timed(() => clearNumbers(services.tenancy, company, new AbortController().signal));
  const again = await forget();
  const bare = await timed(async () => {
    const traits = again.map(({ value }) => ({ value, ...phoneTraits(value) }));
    await ask(UPDATE, [main, JSON.stringify(traits)]);
  });
  return { ours, bare, note: `${rows.length} numbers` };
}

const FORGET = `
  update contact set mobile = null, country = null where (company_id, kind, value) in (
    select company_id, kind, value from contact where company_id = $1 and kind = 'phone' order by value limit $2) returning value`;
const UPDATE = `
  update contact k set mobile = t.mobile, country = t.country from json_to_recordset($2::json) as t (value text, mobile boolean, country text)
  where k.company_id = $1 and k.kind = 'phone' and k.value = t.value`;
