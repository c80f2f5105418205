import { setTimeout as sleep } from 'node:timers/promises';
import { ingestOrders } from '../../../src/ingest/ingest.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { call, type Site, site } from '../../bench/load.ts';
import { apiKey, makeCompany } from '../../make.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { inPortal } from './portal.ts';

/** One number, as people of that country and abroad write it. */
const SPELLINGS = [
  ...['+4917012345678', '017012345678', '004917012345678', '0170 123 456 78', '+49 170 12345678', '(0170) 12345678'],
  ...['+49 (0)170 12345678', '0170/12345678', '0170-123-456-78', 'tel:+49-170-12345678', '+49.170.12345678'],
  ...[' 0170 12345678 ', '０１７０１２３４５６７８', '+49\u00a0170\u00a012345678', '0170–12345678', '٠١٧٠١٢٣٤٥٦٧٨'],
];

interface Sum {
  orders: number;
  cents: number;
  retries: number;
  refused: number;
}

/** F15: half of them by the API of the web process, half by the same verb in this one, all at once, so that the database is where they meet. */
export const onePhone = (stage: Stage): Promise<Outcome[]> =>
  inPortal(stage, async (portal) => {
    const { options, ask } = stage;
    const company = await makeCompany(portal, { country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin' });
    const before = await deadlocks(stage);
    const sum: Sum = { orders: 0, cents: 0, retries: 0, refused: 0 };
    const clients = Array.from({ length: options.clients }, async (_, client) => {
      const web = site(stage.port, { ...JSON_BODY, authorization: `Bearer ${await apiKey(portal, company)}` });
      for (let n = 0; n < options.calls; n++) {
        const order = orderOf(client, n);
        await (client % 2 === 0 ? overTheWeb(web, company, order, sum) : here(stage, company, order, sum));
      }
    });
    await Promise.all(clients);
    const customers = await ask<{ orders: number; cents: number; contacts: number }>(STORED, [company.id]);
    const [stored] = await ask<{ count: number }>(
      `select count(*)::int as count from arrival where company_id = $1 and kind = 'order'`,
      [company.id],
    );
    const only = customers[0];
    const right = only?.orders === sum.orders && only.cents === sum.cents && only.contacts === 1;
    const [count, broken] = [stored?.count ?? 0, (await deadlocks(stage)) - before];
    return [
      plain({
        injected: options.clients * options.calls,
        operations: sum.orders,
        lost: Math.max(0, sum.orders - count),
        doubled: Math.max(0, count - sum.orders) + Math.max(0, customers.length - 1),
        misses: [
          customers.length !== 1 && `${customers.length} customers`,
          !right && `the customer shows ${JSON.stringify(only)} instead of ${JSON.stringify(sum)}`,
          broken > 0 && `${broken} deadlocks`,
          sum.refused > 0 && `${sum.refused} calls refused`,
        ],
        note: `${SPELLINGS.length} spellings; customers ${customers.length}, deadlocks ${broken}, calls sent again ${sum.retries}`,
      }),
    ];
  });

const JSON_BODY = { 'content-type': 'application/json' };

const orderOf = (client: number, n: number) => ({
  externalId: `${client}-${n}`,
  placedAt: new Date(Date.now() - 60_000).toISOString(),
  currency: 'EUR',
  total: `${client + 1}.${String(n % 100).padStart(2, '0')}`,
  customer: { phones: [SPELLINGS[(client * 7 + n) % SPELLINGS.length] ?? ''] },
});
type Order = ReturnType<typeof orderOf>;

async function overTheWeb(web: Site, { slug }: Company, order: Order, sum: Sum): Promise<void> {
  const body = JSON.stringify({ orders: [order] });
  for (;;) {
    const answer = await call(web, `/api/v1/companies/${slug}/orders`, { method: 'POST', body });
    if (answer.status === 200) return count(order, JSON.parse(answer.body).results[0].status, sum);
    if (answer.status !== 429 && answer.status !== 503) return void sum.refused++;
    sum.retries++;
    await sleep(Number(answer.headers['retry-after'] ?? 1) * 1000);
  }
}

async function here({ services }: Stage, company: Company, order: Order, sum: Sum): Promise<void> {
  const [result] = await ingestOrders(services.tenancy, company, [order], new Date());
  count(order, result?.status, sum);
}

/** One that was stored when its answer got lost, and was sent again, is unchanged. */
function count(order: Order, status: string | undefined, sum: Sum): void {
  if (status !== 'created' && status !== 'unchanged') return void sum.refused++;
  sum.orders++;
  sum.cents += Math.round(Number(order.total) * 100);
}

const STORED = `
  select orders_count::int as orders, sum_all::int as cents,
         (select count(*)::int from contact k where k.company_id = c.company_id and k.customer_id = c.id) as contacts
  from customer c where company_id = $1 and merged_into is null`;

async function deadlocks({ ask }: Stage): Promise<number> {
  const [row] = await ask<{ deadlocks: number }>(
    'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}
