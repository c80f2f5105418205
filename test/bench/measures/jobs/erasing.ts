import { expireDeleted } from '../../../../src/customers/customers.ts';
import { type JobFigures, type JobStage, timed } from './job-stage.ts';

const CUSTOMERS = 1000;

/** Customers who were deleted long enough ago: half by ours, half bare. */
export async function erasing(stage: JobStage): Promise<JobFigures> {
  const { services, main, ask } = stage;
  const drawn = await ask<{ id: string }>(DRAW, [main, CUSTOMERS * 2]);
  const ids = drawn.map(({ id }) => id);
  const [half, rest] = [ids.slice(0, CUSTOMERS), ids.slice(CUSTOMERS)];
  await ask(DELETED, [main, half]);
  const ours = await timed(() => expireDeleted(services));
  const [left] = await ask<{ count: number }>(LEFT, [main, half]);
  if (left?.count !== 0) throw new Error(`${left?.count} orders of erased customers say still who they were of`);
  const bare = await timed(() => ask(BARE, [main, rest]));
  return { ours, bare, note: `${CUSTOMERS} customers` };
}

const DRAW = `select id from customer where company_id = $1 and listed order by hashtext(id::text) desc limit $2`;
const DELETED = `
  with free as (delete from contact where company_id = $1 and customer_id = any($2::uuid[]) returning company_id, customer_id, kind, value),
  kept as (insert into trash_contact (company_id, customer_id, kind, value) select company_id, customer_id, kind, value from free)
  update customer set deleted_at = now() - interval '40 days', trash = '{}' where company_id = $1 and id = any($2::uuid[])`;
const LEFT = `
  select count(*)::int as count from arrival where company_id = $1 and customer_id = any($2::uuid[]) and name is not null`;
const BARE = `
  with proof as (delete from evidence e using arrival a where a.company_id = $1 and a.customer_id = any($2::uuid[])
      and e.company_id = a.company_id and e.arrival_id = a.id),
  blank as (update arrival set name = null, gender = null, region = null, given = '{}', search = '' where company_id = $1 and customer_id = any($2::uuid[])),
  address as (update orders o set delivery_address = null from arrival a where a.company_id = $1 and a.customer_id = any($2::uuid[])
      and o.company_id = a.company_id and o.id = a.id),
  found as (delete from customer_search where company_id = $1 and customer_id = any($2::uuid[])),
  tags as (delete from customer_tag where company_id = $1 and customer_id = any($2::uuid[])),
  contacts as (delete from contact where company_id = $1 and customer_id = any($2::uuid[]))
  update customer set name = '', name_folded = '', gender = null, region = null, deleted_at = now() where company_id = $1 and id = any($2::uuid[])`;
