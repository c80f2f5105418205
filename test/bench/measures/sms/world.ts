import { newId } from '../../../../src/kernel/id.ts';
import { query } from '../../build/cluster.ts';
import type { Stage } from '../../stage.ts';

/** What all campaigns of the measure have in common. */
export interface World {
  /** has everybody who gets them */
  tag: string;
  recipients: number;
}

/** The portal's own sender. */
export const FROM = '+15005550006';

/** The newest customers get a tag: so a campaign goes to exactly so many. The sender may send as much as it can. */
export async function makeWorld(stage: Stage): Promise<World> {
  const { cluster, main, options } = stage;
  const [tag, recipients] = [newId(), Math.min(options.recipients, options.customers)];
  const ask = (text: string, values: unknown[] = []) => query(cluster.superuserUrl, text, values);
  // A run that was killed may have left its own.
  await clearWorld(stage);
  await ask(SENDER, [FROM]);
  // It is measured at night as well.
  await ask('update company set quiet_hours = null where id = $1', [main]);
  await ask('insert into tag (company_id, id, name, name_folded) values ($1, $2, $3, $3)', [main, tag, NAME]);
  await ask(TAGGED, [main, tag, recipients]);
  await ask('vacuum analyze customer_tag');
  return { tag, recipients };
}

const NAME = 'bench sms';

const SENDER = `
  insert into sender (id, address, per_second) values (gen_random_uuid(), $1, 10000)
  on conflict (address) do update set per_second = excluded.per_second`;

const TAGGED = `
  insert into customer_tag (company_id, customer_id, tag_id)
  select company_id, id, $2 from customer where company_id = $1 and listed order by latest_at desc, id desc limit $3`;

/** As before: a kept database is like a new one. */
export async function clearWorld({ cluster, main }: Stage): Promise<void> {
  const ask = (text: string, values: unknown[] = []) => query(cluster.superuserUrl, text, values);
  await clearCampaigns(cluster.superuserUrl);
  await ask(
    'delete from customer_tag where company_id = $1 and tag_id in (select id from tag where name_folded = $2)',
    [main, NAME],
  );
  await ask('delete from tag where company_id = $1 and name_folded = $2', [main, NAME]);
  await ask('delete from sender where address = $1', [FROM]);
  await ask('vacuum analyze customer_tag');
}

/** The next campaign finds the tables as the one before did, and nobody who was written to today. */
export async function clearCampaigns(superuserUrl: string): Promise<void> {
  await query(superuserUrl, 'truncate delivery');
  await query(superuserUrl, 'delete from campaign');
  await query(superuserUrl, `delete from job where name = 'campaign.send'`);
}
