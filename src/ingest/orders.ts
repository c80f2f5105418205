import { MAX_MINOR, parseMoney } from '../kernel/money.ts';
import { dayOf } from '../kernel/time.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { ItemError, Kind, Row } from './batch.ts';
import { openConversion } from './conversion.ts';
import { type OrderInput, order } from './input.ts';
import * as sql from './sql.ts';

export const orders: Kind<OrderInput> = {
  kind: 'order',
  schema: order,
  at: (item) => item.placedAt,
  moments: (item) => [
    ['placedAt', item.placedAt],
    ['updatedAt', item.updatedAt],
    ['payment.paidAt', item.payment?.paidAt ?? null],
  ],
  check,
  isDealing: () => true,
  write,
};

function check(item: OrderInput): ItemError[] {
  const errors: ItemError[] = [];
  const refuse = (path: string) => errors.push({ path, message: `is no amount of ${item.currency}` });
  if (item.total !== null && parseMoney(item.total, item.currency) === null) refuse('total');
  for (const [line, { unitPrice }] of (item.items ?? []).entries()) {
    if (parseMoney(unitPrice, item.currency) === null) refuse(`items.${line}.unitPrice`);
  }
  if (errors.length > 0) return errors;
  const { total, itemsTotal } = amounts(item);
  if (itemsTotal !== null && (itemsTotal > MAX_MINOR || itemsTotal < -MAX_MINOR)) refuse('items');
  else if (total < 0n) errors.push({ path: 'total', message: 'must not be negative' });
  return errors;
}

/** Minor units. Where both are given and differ, the total counts, and the items' sum is kept so that the order can say so. */
function amounts(item: OrderInput): { total: bigint; itemsTotal: bigint | null } {
  const itemsTotal = item.items && item.items.length > 0 ? sumOf(item) : null;
  const given = item.total === null ? null : parseMoney(item.total, item.currency);
  return { total: given ?? itemsTotal ?? 0n, itemsTotal };
}

/** Quantities have up to three decimals: the sum is made in thousandths and rounded once, half away from zero. */
function sumOf({ items, currency }: OrderInput): bigint {
  const thousandths = (items ?? []).reduce(
    (sum, { quantity, unitPrice }) =>
      sum + BigInt(Math.round(quantity * 1000)) * (parseMoney(unitPrice, currency) ?? 0n),
    0n,
  );
  return thousandths < 0n ? (thousandths - 500n) / 1000n : (thousandths + 500n) / 1000n;
}

async function write(db: CompanyDb, rows: Row<OrderInput>[]): Promise<void> {
  const company = db.company.id;
  const convert = await openConversion(
    db,
    rows.map(({ item }) => ({ currency: item.currency, at: item.placedAt })),
  );
  const again = rows.filter((row) => row.atBefore).map((row) => row.id);
  const kept = await conversionsOf(db, again);
  await db.execute(sql.upsertOrders(company, JSON.stringify(rows.map((row) => orderRow(db, row, convert, kept)))));
  if (again.length > 0) await db.execute(sql.dropItems(company, again));
  const items = rows.flatMap(itemRows);
  if (items.length > 0) await db.execute(sql.insertItems(company, JSON.stringify(items)));
}

type Convert = Awaited<ReturnType<typeof openConversion>>;

interface Conversion {
  id: string;
  currency: string;
  total: bigint;
  converted: bigint;
  rate: string;
  rate_day: string;
}

async function conversionsOf(db: CompanyDb, ids: string[]): Promise<Map<string, Conversion>> {
  const rows = ids.length > 0 ? await db.query<Conversion>(sql.conversionsOf(db.company.id, ids)) : [];
  return new Map(rows.map((row) => [row.id, row]));
}

type Kept = Awaited<ReturnType<typeof conversionsOf>>;

/** A rate set since then changes a stored amount only on the operator's word: the same amount of the same day stays as it was. */
function converted(
  { company }: CompanyDb,
  { id, item, atBefore }: Row<OrderInput>,
  total: bigint,
  convert: Convert,
  kept: Kept,
) {
  const old = kept.get(id);
  const sameDay = atBefore && dayOf(atBefore, company.timezone) === dayOf(item.placedAt, company.timezone);
  if (!old || !sameDay || old.currency !== item.currency || old.total !== total) {
    return convert({ currency: item.currency, at: item.placedAt, total });
  }
  return { converted: String(old.converted), rate: old.rate, rate_day: old.rate_day };
}

function orderRow(db: CompanyDb, row: Row<OrderInput>, convert: Convert, kept: Kept) {
  const { id, item } = row;
  const { total, itemsTotal } = amounts(item);
  return {
    id,
    number: item.number ?? item.externalId,
    status: item.status,
    currency: item.currency,
    total: String(total),
    items_total: itemsTotal === null ? null : String(itemsTotal),
    paid_at: item.payment?.paidAt ?? null,
    ...converted(db, row, total, convert, kept),
    payment_method: item.payment?.method ?? null,
    delivery_method: item.delivery?.method ?? null,
    delivery_address: item.delivery?.address ?? null,
    source: item.source,
    items_count: Math.round((item.items ?? []).reduce((count, each) => count + each.quantity, 0)),
    first_item: item.items?.[0]?.name ?? null,
  };
}

const itemRows = ({ id, item }: Row<OrderInput>) =>
  (item.items ?? []).map(({ sku, name, quantity, unitPrice }, line) => ({
    order_id: id,
    line: line + 1,
    sku,
    name,
    quantity,
    unit_price: String(parseMoney(unitPrice, item.currency) ?? 0n),
  }));
