import { type CustomerRow, contactValue, nameOf } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Effect } from './effect.ts';
import { type EffectModel, effectModel } from './effect-view.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/merge': MergeModel;
    'duplicates/search': SearchModel;
  }
}

interface MergeModel {
  /** why they cannot be merged; null: they can */
  problem: string | null;
  effect: EffectModel | null;
  back: string;
}

/** `found`: what would come of it, or why it cannot be done. */
export function mergeModel(
  ctx: CompanyContext,
  found: Effect | string,
  from: 'duplicates' | null,
  isChanged = false,
): MergeModel {
  const back = from ? '/duplicates' : '/customers';
  if (typeof found === 'string') return { problem: found, effect: null, back };
  const ids = found.before.map(({ customer }) => customer.id);
  const hidden = [...ids.map((value) => ({ name: 'ids', value })), ...(from ? [{ name: 'from', value: from }] : [])];
  const submit = ctx.t('duplicates.merge.submit', { count: ids.length });
  const form = { action: '/duplicates/merge', hidden, submit, icon: 'merge', back };
  return { problem: null, effect: effectModel(ctx, found, { form, isChanged, staying: ids[0] ?? '' }), back };
}

interface SearchModel {
  title: string;
  customer: { path: string; name: string };
  action: string;
  q: string;
  found: FoundModel[];
  /** something was looked for, and nobody found */
  isNobody: boolean;
}

/** A customer to choose. */
export interface FoundModel {
  path: string;
  name: string;
  about: string;
  label: string;
}

export function searchModel(
  ctx: CompanyContext,
  customer: CustomerRow,
  q: string,
  rows: readonly CustomerRow[],
): SearchModel {
  const name = nameOf(customer, ctx);
  const others = rows.filter(({ id }) => id !== customer.id);
  return {
    title: ctx.t('duplicates.search.title', { name }),
    customer: { path: `/customers/${customer.id}`, name },
    action: `/customers/${customer.id}/merge`,
    q,
    found: others.map((row) => foundModel(ctx, row, `/duplicates/merge?ids=${customer.id}&ids=${row.id}`)),
    isNobody: q.trim() !== '' && others.length === 0,
  };
}

export function foundModel(ctx: CompanyContext, row: CustomerRow, path: string): FoundModel {
  const { t, format } = ctx;
  const name = nameOf(row, ctx);
  const about = [
    row.region,
    ...row.phones.slice(0, 2).map((phone) => contactValue('phone', phone)),
    ...row.emails.slice(0, 2),
    t('customers.general.ordersOf', { count: Number(row.orders_count) }),
    row.last_activity_at && format.date(row.last_activity_at),
  ];
  return { path, name, about: about.filter(Boolean).join(' · '), label: t('duplicates.search.choose', { name }) };
}
