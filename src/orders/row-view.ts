import { contactWords } from '../customers/customers.ts';
import { type ChipModel, chip, type Tagged } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import type { OrderRow } from './orders.ts';

/** One order in a list (P-72, P-74, P-75, P-77, P-78). */
export interface OrderRowModel {
  path: string;
  number: string;
  at: string;
  goods: string;
  /** how many kinds of goods are not named in `goods` */
  more: string | null;
  count: string | null;
  total: string;
  /** the total in the company's currency, where the order has another one */
  converted: string | null;
  name: string;
  emails: string;
  payment: string | null;
  delivery: string | null;
  source: string | null;
  status: string;
  pill: string;
  because: string | null;
  tags: ChipModel[];
  /** where a tag can be added (P-73); null: the person may not */
  addTag: { path: string; label: string } | null;
}

/** The words that stand in every row, made once for all of them. */
export type Labels = Record<(typeof COLUMNS)[number] | (typeof WAYS)[number] | 'noCustomer', string>;

const COLUMNS = ['order', 'customer', 'given', 'total', 'ways', 'status'] as const;
const WAYS = ['payment', 'delivery', 'source'] as const;

export const labelsOf = ({ t }: Pick<CompanyContext, 't'>): Labels =>
  Object.fromEntries([
    ...COLUMNS.map((name) => [name, t(`orders.column.${name}`)]),
    ...WAYS.map((name) => [name, t(`orders.show.${name}`)]),
    ['noCustomer', t('orders.noCustomer')],
  ]) as Labels;

const PILLS: Partial<Record<OrderRow['status'], string>> = {
  paid: 'pill-good',
  shipped: 'pill-good',
  completed: 'pill-good',
  cancelled: 'pill-bad',
  rejected: 'pill-bad',
  returned: 'pill-bad',
};

export function orderRow(row: OrderRow, ctx: CompanyContext, tagged: Tagged): OrderRowModel {
  const { t, format } = ctx;
  const rest = Number(row.lines) - row.goods.length;
  return {
    path: `/orders/${row.id}`,
    number: row.number,
    at: format.dateTime(row.at),
    goods: row.goods.join(', '),
    more: rest > 0 ? t('orders.moreGoods', { count: rest }) : null,
    count: row.lines > 0n ? t('orders.goods', { count: Number(row.items_count) }) : null,
    total: format.money(row.total, row.currency),
    converted: convertedText(row, ctx),
    name: row.name ?? '',
    emails: (row.given.emails ?? []).join(', '),
    payment: row.payment_method,
    delivery: row.delivery_method,
    source: row.source,
    status: t(`orders.status.${row.status}`),
    pill: PILLS[row.status] ?? '',
    because: becauseText(row, ctx),
    tags: (tagged.of.get(row.id) ?? []).map(chip),
    addTag: ctx.may('customers:write')
      ? { path: `/orders/${row.id}#tag`, label: t('tags.editor.toOrder', { number: row.number }) }
      : null,
  };
}

/** `= UAH 525.00`, or that no rate is known (P-47). null: the order is in the company's own currency. */
export function convertedText(
  { currency, converted }: OrderRow,
  { t, format, company }: CompanyContext,
): string | null {
  if (currency === company.currency) return null;
  return converted === null
    ? t('orders.noRate')
    : t('orders.converted', { sum: format.money(converted, company.currency) });
}

/** Why the order belongs to its customer: the contact, and the rule. null: it belongs to nobody. */
export function becauseText(row: OrderRow, ctx: CompanyContext): string | null {
  const { because_kind: kind, because_value: value, because_rule: rule } = row;
  if (rule === 'moved') return ctx.t('orders.because.moved');
  if (!kind || value === null || !rule) return null;
  return ctx.t(`orders.because.${rule}`, { contact: contactWords(kind, value, ctx) });
}
