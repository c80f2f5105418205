import { nameOf } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Effect, Moved } from './effect.ts';
import { type FaceModel, faceModel } from './face-view.ts';

/** What a decision would change, and the form that takes it; partial `duplicates/effect`. */
export interface EffectModel {
  /** somebody or something was quicker: the person is told, and sees how it is now */
  isChanged: boolean;
  before: FaceModel[];
  after: FaceModel[];
  /** nothing changes hands */
  isSame: boolean;
  moved: { text: string; orders: MovedModel[]; more: string | null };
  form: FormModel;
}

interface MovedModel {
  path: string;
  number: string;
  about: string;
  way: string;
}

export interface FormModel {
  action: string;
  hidden: { name: string; value: string }[];
  submit: string;
  icon: string;
  back: string;
}

interface Wishes {
  form: Omit<FormModel, 'hidden'> & { hidden?: FormModel['hidden'] };
  isChanged?: boolean;
  /** the customer that is marked as staying, and to whom everything comes: not told order by order */
  staying?: string;
}

export function effectModel(
  ctx: CompanyContext,
  effect: Effect,
  { form, isChanged = false, staying }: Wishes,
): EffectModel {
  const { t } = ctx;
  const known = new Set(effect.before.map(({ customer }) => customer.id));
  const stays = (id: string) => (id === staying ? t('duplicates.effect.stays') : null);
  const back = (id: string) => (known.has(id) ? null : t('duplicates.effect.new'));
  return {
    isChanged,
    before: effect.before.map((face) => faceModel(ctx, face, { mark: stays(face.customer.id) })),
    after: effect.after.map((face) =>
      faceModel(ctx, face, { mark: back(face.customer.id), isNew: !known.has(face.customer.id) }),
    ),
    isSame: effect.before.length === effect.after.length && effect.moved.length === 0,
    moved: staying ? { ...movedModel(ctx, effect), orders: [], more: null } : movedModel(ctx, effect),
    form: { ...form, hidden: [...(form.hidden ?? []), { name: 'stamp', value: effect.stamp }] },
  };
}

function movedModel(ctx: CompanyContext, { before, after, moved }: Effect): EffectModel['moved'] {
  const { t, format } = ctx;
  const names = new Map([...after, ...before].map(({ customer }) => [customer.id, nameOf(customer, ctx)]));
  const named = moved.filter(({ order }) => order !== null);
  const count = (kind: Moved['arrival']['kind']) => moved.filter(({ arrival }) => arrival.kind === kind).length;
  const [orders, others] = [count('order'), count('message') + count('feedback')];
  const parts = [
    ...(orders > 0 ? [t('duplicates.effect.orders', { count: orders, orders: format.number(orders) })] : []),
    ...(others > 0 ? [t('duplicates.effect.others', { count: others, others: format.number(others) })] : []),
  ];
  return {
    text: parts.join(' '),
    orders: named.map((each) => movedOrder(ctx, each, names)),
    more: orders > named.length ? t('duplicates.effect.more', { count: orders - named.length }) : null,
  };
}

function movedOrder(ctx: CompanyContext, { arrival, from, to, order }: Moved, names: Map<string, string>): MovedModel {
  const { t, format } = ctx;
  const name = (id: string | null) => (id && names.get(id)) || t('duplicates.effect.nobody');
  const total = order ? format.money(order.total, order.currency) : '';
  return {
    path: `/orders/${arrival.id}`,
    number: order?.number ?? '',
    about: [order && format.date(order.at), total, order?.name].filter(Boolean).join(' · '),
    way: t('duplicates.effect.way', { from: name(from), to: name(to) }),
  };
}
