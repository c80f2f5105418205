import { contactValue, type HeaderModel } from '../customers/customers.ts';
import { type EditorModel, editorModel, type Tagged } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { type Paged, sizes } from '../web/pager.ts';
import type { ItemRow, OneOrder, OrderList, OrderQuery, OrderRow, ProofRow } from './orders.ts';
import { becauseText, convertedText, type Labels, labelsOf, type OrderRowModel, orderRow } from './row-view.ts';

declare module '../web/views.ts' {
  interface Views {
    'orders/tab': TabModel;
    'orders/list': ListModel;
    'orders/show': OrderModel;
  }
}

interface TabModel extends Paged {
  title: string;
  header: HeaderModel;
  labels: Labels;
  orders: OrderRowModel[];
}

export const tabModel = (
  ctx: CompanyContext,
  header: HeaderModel,
  { rows, tagged }: { rows: readonly OrderRow[]; tagged: Tagged },
  place: Paged,
): TabModel => ({
  title: ctx.t('orders.tab.title', { name: header.name }),
  header,
  labels: labelsOf(ctx),
  orders: rows.map((row) => orderRow(row, ctx, tagged)),
  ...place,
});

interface ListModel {
  q: string;
  tabs: { label: string; path: string; current: boolean }[];
  /** `none` while only orders without a customer are shown */
  customer: string | null;
  per: number;
  labels: Labels;
  orders: (OrderRowModel & OwnerModel)[];
  newest: string | null;
  previous: string | null;
  next: string | null;
  sizes: { label: string; path: string; current: boolean }[];
  empty: { title: string; text: string; clear: string | null } | null;
}

export function listModel(
  ctx: CompanyContext,
  query: OrderQuery,
  { orders, next, previous, tagged }: OrderList & { tagged: Tagged },
): ListModel {
  const { t } = ctx;
  const path = (change: Partial<OrderQuery>) => listPath({ ...query, after: null, before: null, ...change });
  const nothing = query.q !== '' ? 'match' : query.withoutCustomer ? 'withoutCustomer' : 'none';
  return {
    q: query.q,
    tabs: [false, true].map((withoutCustomer) => ({
      label: t(withoutCustomer ? 'orders.list.withoutCustomer' : 'orders.list.all'),
      path: path({ withoutCustomer }),
      current: withoutCustomer === query.withoutCustomer,
    })),
    customer: query.withoutCustomer ? 'none' : null,
    per: query.per,
    labels: labelsOf(ctx),
    orders: orders.map((row) => ({
      ...orderRow(row, ctx, tagged),
      ...ownerOf(row, ctx),
    })),
    newest: query.after || query.before ? path({}) : null,
    previous: previous && path({ before: previous }),
    next: next && path({ after: next }),
    sizes: sizes(ctx, query.per, (per) => path({ per })),
    empty:
      orders.length > 0
        ? null
        : {
            title: t(`orders.empty.${nothing}.title`),
            text: t(`orders.empty.${nothing}.text`),
            clear: query.q === '' ? null : path({ q: '' }),
          },
  };
}

function listPath({ q, withoutCustomer, per, after, before }: OrderQuery): string {
  const params = new URLSearchParams({
    ...(q === '' ? {} : { q }),
    ...(withoutCustomer ? { customer: 'none' } : {}),
    ...(per === 20 ? {} : { per: String(per) }),
    ...(after ? { after } : {}),
    ...(before ? { before } : {}),
  });
  return params.size > 0 ? `/orders?${params}` : '/orders';
}

/** Whose it is; `deleted`: of a customer who was deleted. */
interface OwnerModel {
  customer: { path: string; name: string } | null;
  deleted: boolean;
}

interface OrderModel extends OwnerModel {
  title: string;
  number: string;
  externalId: string | null;
  at: string;
  status: string;
  pill: string;
  /** where it is given to another customer; null: the person may not */
  move: string | null;
  because: string | null;
  proof: { value: string; given: string | null; shared: boolean }[];
  person: { label: string; value: string }[];
  facts: { label: string; value: string }[];
  items: { sku: string; name: string; quantity: string; price: string; amount: string }[];
  total: string;
  itemsTotal: string | null;
  converted: string | null;
  rate: string | null;
  tags: EditorModel;
}

const ownerOf = (row: OrderRow, { t }: CompanyContext): OwnerModel => ({
  customer:
    row.customer_id && !row.deleted
      ? { path: `/customers/${row.customer_id}`, name: row.customer_name || t('customers.noName') }
      : null,
  deleted: row.deleted,
});

export function orderModel(ctx: CompanyContext, { order, items, proof }: OneOrder, tagged: Tagged): OrderModel {
  const { t, format } = ctx;
  const row = orderRow(order, ctx, tagged);
  const differs = order.items_total !== null && order.items_total !== order.total;
  return {
    title: t('orders.show.title', { number: order.number }),
    number: order.number,
    externalId: order.external_id === order.number ? null : order.external_id,
    at: row.at,
    status: row.status,
    pill: row.pill,
    ...ownerOf(order, ctx),
    move: ctx.may('customers:write') ? `/orders/${order.id}/owner` : null,
    because: becauseText(order, ctx),
    proof: proof.map(proofModel),
    person: personOf(order, ctx),
    facts: factsOf(order, ctx),
    items: items.map((item) => itemModel(item, order.currency, ctx)),
    total: row.total,
    itemsTotal: differs ? format.money(order.items_total ?? 0n, order.currency) : null,
    converted: convertedText(order, ctx),
    rate: rateText(order, ctx),
    tags: editorModel(ctx, `/orders/${order.id}`, order.id, tagged),
  };
}

const proofModel = ({ kind, value, given, shared }: ProofRow) => {
  const shown = contactValue(kind, value);
  return { value: shown, given: [value, shown].includes(given) ? null : given, shared };
};

/** As given in this very order; it may differ from order to order (P-75, P-76). */
const personOf = ({ name, region, given }: OrderRow, { t }: CompanyContext) =>
  filled(
    [
      ['name', name],
      ['phones', given.phones?.join(', ')],
      ['emails', given.emails?.join(', ')],
      ['account', given.accountId],
      ['region', region],
    ],
    t,
  );

const factsOf = (order: OrderRow, { t, format }: CompanyContext) =>
  filled(
    [
      ['payment', order.payment_method],
      ['paidAt', order.paid_at && format.dateTime(order.paid_at)],
      ['delivery', order.delivery_method],
      ['address', order.delivery_address],
      ['source', order.source],
    ],
    t,
  );

const itemModel = ({ sku, name, quantity, unit_price, amount }: ItemRow, currency: string, ctx: CompanyContext) => ({
  sku: sku ?? '',
  name,
  quantity: decimal(quantity, ctx),
  price: ctx.format.money(unit_price, currency),
  amount: ctx.format.money(amount, currency),
});

/** `1 PLN = 10.5 UAH, in force from 20 Nov 2026` (P-47, reading 5). */
function rateText({ currency, rate, rate_day: day }: OrderRow, ctx: CompanyContext): string | null {
  if (rate === null || day === null || currency === ctx.company.currency) return null;
  const values = { from: currency, rate: decimal(rate, ctx), to: ctx.company.currency, day: ctx.format.day(day) };
  return ctx.t('orders.show.rate', values);
}

/** A decimal string with all its digits, as the reader writes it. */
const decimal = (text: string, { locale }: CompanyContext) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 12 }).format(text as Intl.StringNumericLiteral);

const filled = (facts: [label: string, value: string | null | undefined][], t: CompanyContext['t']) =>
  facts.flatMap(([label, value]) => (value ? [{ label: t(`orders.show.${label}`), value }] : []));
