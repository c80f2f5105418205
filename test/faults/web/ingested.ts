import { drift } from '../../../src/identity/identity.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import type { Stage } from '../stage.ts';
import type { Posted } from './shop.ts';

interface Stored extends Record<string, unknown> {
  external_id: string;
  total: string;
  items: number;
}

/** What stands in the database beside what was acknowledged: of each order one row with its sum and its lines, of each person one sum. */
export async function compare(stage: Stage, company: Company, orders: readonly Posted[]) {
  const rows = await stage.ask<Stored>(
    `select a.external_id, o.total::text as total,
            (select count(*)::int from order_item i where i.company_id = o.company_id and i.order_id = o.id) as items
     from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
     where a.company_id = $1 and a.kind = 'order'`,
    [company.id],
  );
  const stored = new Map<string, Stored[]>();
  for (const row of rows) stored.set(row.external_id, [...(stored.get(row.external_id) ?? []), row]);
  const isWhole = ({ externalId, cents, body }: Posted) =>
    stored
      .get(externalId)
      ?.some(({ total, items }) => total === String(cents) && items === (body.items as unknown[]).length);
  const known = new Set(orders.map(({ externalId }) => externalId));
  return {
    lost: orders.filter((order) => !isWhole(order)).map(({ externalId }) => externalId),
    doubled: rows.filter((row) => !known.has(row.external_id) || row !== stored.get(row.external_id)?.[0]),
    wrong: await wrongSums(stage, company, orders),
    drift: sum(await stage.services.tenancy.inSnapshot(company, drift)),
  };
}

const sum = ({ customers, days, uncounted }: Awaited<ReturnType<typeof drift>>) => customers + days + uncounted;

/** Of how many numbers the customer has another sum than its orders, or there is none, or one too many. */
async function wrongSums(stage: Stage, { id }: Company, orders: readonly Posted[]): Promise<number> {
  const rows = await stage.ask<{ phone: string; sum: string }>(
    `select k.value as phone, c.sum_all::text as sum from contact k
     join customer c on c.company_id = k.company_id and c.id = k.customer_id
     where k.company_id = $1 and k.kind = 'phone' and c.merged_into is null`,
    [id],
  );
  const wanted = new Map<string, bigint>();
  for (const { phone, cents } of orders) wanted.set(phone, (wanted.get(phone) ?? 0n) + cents);
  const right = rows.filter(({ phone, sum }) => String(wanted.get(phone)) === sum).length;
  return Math.max(wanted.size, rows.length) - right;
}
