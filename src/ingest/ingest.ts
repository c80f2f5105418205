import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Source } from '../reviews/reviews.ts';
import type { Company } from '../tenancy/company.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import { type ItemError, type Kind, type Posted, type Result, storeBatch } from './batch.ts';
import { feedback } from './feedback.ts';
import { errorsOf, firstOf } from './item-errors.ts';
import { messages } from './messages.ts';
import { orders } from './orders.ts';

export type { ItemError, Result } from './batch.ts';
export { type ImportRow, storeImportRows } from './import-rows.ts';
export { storeMessage } from './one-message.ts';
export { type Reconverted, reconvert } from './reconvert.ts';

const DAY = 86_400_000;

/**
 * Takes items as they came over the API and answers one result for each, in their order. A bad item is `rejected` with the
 * reasons and never sinks its neighbours; the good ones are stored in one transaction. `portal`: pushed by the portal's key, not by the
 * company's own: that proves dealings without a budget (DESIGN §7).
 */
export const ingestOrders = (
  tenancy: Tenancy,
  company: Company,
  items: readonly unknown[],
  now: Date,
  portal = false,
) => ingest(tenancy, company, orders, items, { now, portal });

export const ingestMessages = (
  tenancy: Tenancy,
  company: Company,
  items: readonly unknown[],
  now: Date,
  portal = false,
) => ingest(tenancy, company, messages, items, { now, portal });

export const ingestFeedback = (
  tenancy: Tenancy,
  company: Company,
  items: readonly unknown[],
  now: Date,
  portal = false,
) => ingest(tenancy, company, feedback, items, { now, portal });

async function ingest<Item extends Posted>(
  tenancy: Tenancy,
  company: Company,
  kind: Kind<Item>,
  items: readonly unknown[],
  source: Source,
): Promise<Result[]> {
  const parsed = await parseAll(kind, items, source.now);
  const good = parsed.flatMap((each) => ('errors' in each ? [] : [each.item]));
  const stored = good.length > 0 ? await tenancy.inCompany(company, (db) => storeBatch(db, kind, good, source)) : [];
  let next = 0;
  return parsed.map((each) => ('errors' in each ? rejected(each) : (stored[next++] as Result)));
}

const rejected = ({ externalId, errors }: Refused): Result => ({
  externalId,
  status: 'rejected',
  id: null,
  customerId: null,
  errors,
});

// Milliseconds in which nobody else is served.
const SLICE = 20;

/** A full call takes long to look through: others get their turn in between. */
async function parseAll<Item extends Posted>(kind: Kind<Item>, items: readonly unknown[], now: Date) {
  const parsed: Parsed<Item>[] = [];
  let begin = performance.now();
  for (const item of items) {
    parsed.push(parse(kind, item, now));
    if (performance.now() - begin < SLICE) continue;
    await othersTurn();
    begin = performance.now();
  }
  return parsed;
}

type Refused = { externalId: string | null; errors: ItemError[] };
type Parsed<Item> = { item: Item } | Refused;

function parse<Item extends Posted>(kind: Kind<Item>, value: unknown, now: Date): Parsed<Item> {
  const read = kind.schema.safeParse(value);
  const externalId = externalIdOf(value);
  if (!read.success) return { externalId, errors: firstOf(read.error.issues.flatMap(errorsOf)) };
  const errors = [...kind.check(read.data), ...tooFarAhead(kind, read.data, now)];
  return errors.length > 0 ? { externalId, errors: firstOf(errors) } : { item: read.data };
}

const tooFarAhead = <Item extends Posted>(kind: Kind<Item>, item: Item, now: Date): ItemError[] =>
  kind
    .moments(item)
    .filter(([, at]) => at !== null && at.getTime() > now.getTime() + DAY)
    .map(([path]) => ({ path, message: 'must not be more than a day ahead' }));

function externalIdOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null && 'externalId' in value ? value.externalId : null;
  return typeof id === 'string' ? id.slice(0, 255) : null;
}
