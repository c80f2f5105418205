import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` shows of this process; what the whole portal is like stands in `src/ops`. */
export const measured = new Registry();

collectDefaultMetrics({ register: measured });

const registers = [measured];

/** Calls to whoever carries texts, by what came of them. */
export const providerSeconds = new Histogram({
  name: 'clientele_provider_seconds',
  help: 'Calls to the provider of a channel, by outcome: accepted, later, refused, unknown',
  labelNames: ['channel', 'outcome'] as const,
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

/** What the provider told afterwards, by callbacks or when it was asked. */
export const deliveriesTold = new Counter({
  name: 'clientele_deliveries_told_total',
  help: 'Deliveries of which the provider told something new, by the state they rose to',
  labelNames: ['channel', 'state'] as const,
  registers,
});

export const jobSeconds = new Histogram({
  name: 'clientele_job_seconds',
  help: 'Jobs run by this process, by outcome: done, retried, given_up, handed_back, lost',
  labelNames: ['name', 'outcome'] as const,
  buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600],
  registers,
});

export const throttled = new Counter({
  name: 'clientele_throttled_total',
  help: 'Uses and attempts that have to wait, by the limit they met',
  labelNames: ['limit'] as const,
  registers,
});

/** Of `pg`'s pools, as far as their figures go. */
export interface Pooled {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max?: number | undefined };
}

const pools = new Map<string, Pooled>();

/** Shows how full a pool is from now on; one opened later under the same name takes its place. */
export function showPool(name: string, pool: Pooled): void {
  pools.set(name, pool);
}

const gauge = (name: string, help: string, of: (pool: Pooled) => number) =>
  new Gauge({
    name,
    help,
    labelNames: ['pool'] as const,
    registers,
    collect() {
      for (const [pool, figures] of pools) this.set({ pool }, of(figures));
    },
  });

gauge('clientele_pool_used', 'Database connections in use', ({ totalCount, idleCount }) => totalCount - idleCount);
gauge('clientele_pool_most', 'Database connections that there may be', ({ options }) => options.max ?? 0);
gauge('clientele_pool_waiting', 'Whoever waits for a database connection', ({ waitingCount }) => waitingCount);
