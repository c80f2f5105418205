import { type CustomerRow, nameOf } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Effect } from './effect.ts';
import { type EffectModel, effectModel } from './effect-view.ts';
import { type FoundModel, foundModel } from './merge-view.ts';
import type { OrderRow } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/move': MoveModel;
  }
}

interface MoveModel {
  title: string;
  order: { path: string; number: string; about: string };
  owner: { path: string; name: string } | null;
  action: string;
  q: string;
  found: FoundModel[];
  isNobody: boolean;
  /** what else the decision does: later orders of this kind follow */
  learns: string | null;
  problem: string | null;
  effect: EffectModel | null;
}

interface Wishes {
  q: string;
  rows: readonly CustomerRow[];
  chosen: CustomerRow | null;
  effect: Effect | string | null;
  isChanged?: boolean;
}

export function moveModel(
  ctx: CompanyContext,
  order: OrderRow,
  { q, rows, chosen, effect, isChanged }: Wishes,
): MoveModel {
  const { t, format } = ctx;
  const action = `/orders/${order.id}/owner`;
  const others = rows.filter(({ id }) => id !== order.customer_id);
  const choose = (row: CustomerRow) => `${action}?${new URLSearchParams({ q, customer: row.id })}`;
  const hidden = [{ name: 'customer', value: chosen?.id ?? '' }];
  const form = { action, hidden, submit: t('duplicates.move.submit'), icon: 'arrow-right', back: action };
  return {
    title: t('duplicates.move.title', { number: order.number }),
    order: {
      path: `/orders/${order.id}`,
      number: order.number,
      about: [format.dateTime(order.at), format.money(order.total, order.currency), order.name]
        .filter(Boolean)
        .join(' · '),
    },
    owner: order.customer_id
      ? { path: `/customers/${order.customer_id}`, name: order.customer_name || t('customers.noName') }
      : null,
    action,
    q,
    found: others.map((row) => foundModel(ctx, row, choose(row))),
    isNobody: q.trim() !== '' && others.length === 0,
    learns: chosen ? t('duplicates.move.learns', { name: nameOf(chosen, ctx) }) : null,
    problem: typeof effect === 'string' ? effect : null,
    effect:
      effect && typeof effect !== 'string' ? effectModel(ctx, effect, { form, isChanged: isChanged ?? false }) : null,
  };
}
