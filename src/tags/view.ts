import type { CompanyContext } from '../web/context.ts';
import type { Choice, Refusal } from '../web/form.ts';
import { type ChipModel, chip } from './chip-view.ts';
import { COLOURS, type CountedRow, type TagRow, type UsesRow } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'tags/list': TagsModel;
    'tags/edit': TagModel;
    'tags/merge': MergeModel;
    'tags/removal': RemovalModel;
  }
}

interface TagsModel {
  tags: (ChipModel & {
    id: string;
    customers: string;
    orders: string;
    /** the list of those customers; null: there are none */
    path: string | null;
    labels: Record<'edit' | 'merge' | 'remove', string>;
  })[];
  /** the person may change them */
  editable: boolean;
  /** there is a second one to be merged with */
  mergeable: boolean;
  form: FormModel;
}

interface FormModel {
  values: Record<string, string>;
  errors: Record<string, string>;
  colours: Choice[];
}

export function tagsModel(ctx: CompanyContext, rows: readonly CountedRow[], typed: Refusal): TagsModel {
  const { t, format } = ctx;
  return {
    tags: rows.map((row) => ({
      ...chip(row),
      id: row.id,
      customers: format.number(row.customers),
      orders: format.number(row.orders),
      path: row.customers > 0n ? customersWith(row.id) : null,
      labels: {
        edit: t('tags.list.editLabel', { name: row.name }),
        merge: t('tags.list.mergeLabel', { name: row.name }),
        remove: t('tags.list.removeLabel', { name: row.name }),
      },
    })),
    editable: ctx.may('customers:write'),
    mergeable: rows.length > 1,
    form: formModel(ctx, typed, COLOURS[(rows.length * 5) % COLOURS.length] ?? 'blue'),
  };
}

const customersWith = (id: string) => `/customers?where=${encodeURIComponent(`tag:is:${id}`)}`;

const formModel = ({ t }: CompanyContext, { values, errors }: Refusal, colour: string): FormModel => ({
  values,
  errors,
  colours: COLOURS.map((value) => ({
    value,
    label: t(`tags.colour.${value}`),
    chosen: value === (values.colour ?? colour),
  })),
});

interface TagModel {
  title: string;
  id: string;
  form: FormModel;
}

export const tagModel = (ctx: CompanyContext, tag: TagRow, { values, errors }: Refusal): TagModel => ({
  title: tag.name,
  id: tag.id,
  form: formModel(ctx, { values: { name: tag.name, ...values }, errors }, tag.colour),
});

interface MergeModel {
  title: string;
  id: string;
  tag: ChipModel;
  others: Choice[];
  error: string | null;
  /** what will be; null: the other one is not chosen yet */
  preview: { into: ChipModel & { id: string }; lines: string[] } | null;
}

export function mergeModel(
  ctx: CompanyContext,
  tag: TagRow,
  dictionary: readonly TagRow[],
  chosen: { into: TagRow; uses: UsesRow; intoUses: UsesRow } | null,
  error: string | null,
): MergeModel {
  const { t } = ctx;
  return {
    title: t('tags.merge.title', { name: tag.name }),
    id: tag.id,
    tag: chip(tag),
    others: dictionary
      .filter(({ id }) => id !== tag.id)
      .map(({ id, name }) => ({ value: id, label: name, chosen: id === chosen?.into.id })),
    error,
    preview: chosen && { into: { ...chip(chosen.into), id: chosen.into.id }, lines: mergeLines(ctx, tag, chosen) },
  };
}

function mergeLines(
  { t, format }: CompanyContext,
  tag: TagRow,
  { into, uses, intoUses }: { into: TagRow; uses: UsesRow; intoUses: UsesRow },
): string[] {
  const line = (kind: 'customers' | 'orders', gain: bigint, total: bigint) =>
    t(`tags.merge.${kind}`, { count: Number(gain), shown: format.number(gain), total: format.number(total) });
  const customers = uses.customers - uses.customers_both;
  const orders = uses.orders - uses.orders_both;
  const names = { from: tag.name, into: into.name };
  return [
    line('customers', customers, intoUses.customers + customers),
    line('orders', orders, intoUses.orders + orders),
    ...(uses.customers_both > 0n
      ? [
          t('tags.merge.both', {
            count: Number(uses.customers_both),
            shown: format.number(uses.customers_both),
            ...names,
          }),
        ]
      : []),
    t('tags.merge.gone', names),
  ];
}

interface RemovalModel {
  title: string;
  id: string;
  tag: ChipModel;
  lines: string[];
}

export function removalModel({ t, format }: CompanyContext, tag: TagRow, uses: UsesRow): RemovalModel {
  const line = (kind: 'customers' | 'orders') =>
    t(`tags.removal.${kind}`, { count: Number(uses[kind]), shown: format.number(uses[kind]) });
  return {
    title: t('tags.removal.title', { name: tag.name }),
    id: tag.id,
    tag: chip(tag),
    lines: [line('customers'), line('orders')],
  };
}
