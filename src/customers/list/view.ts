import { formatPhone } from '../../kernel/phone.ts';
import { type ConditionForm, nameOf as nameOfSegment, pathText, type Segment } from '../../segments/segments.ts';
import { chip, type ChipModel as TagChip } from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { PagerModel } from '../../web/pager.ts';
import { more, nameOf, unconverted } from '../row-view.ts';
import type { CustomerRow } from '../sql.ts';
import { hiddenFields, listParams, listPath } from './address.ts';
import { type EmptyModel, emptyModel } from './empty-view.ts';
import {
  aboutSegment,
  type ChipModel,
  chips,
  type FieldsModel,
  fieldsModel,
  type SaveModel,
  saveModel,
} from './filter-view.ts';
import type { Loaded } from './loaded.ts';
import { pagerModel } from './pager-view.ts';
import type { SortKey } from './sort.ts';
import { frozenParams, type ListState } from './state.ts';
import { selectedIn, type TicksModel, ticksModel } from './ticks-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/list': ListModel;
  }
}

type Hidden = { name: string; value: string }[];

interface ListModel {
  tabs: TabModel[];
  /** some tabs have no number yet; who has no script asks for them */
  counting: boolean;
  search: { q: string; hidden: Hidden; clear: string | null };
  chips: ChipModel[];
  clear: string | null;
  adding: FieldsModel;
  save: SaveModel | null;
  /** the chosen segment in plain words */
  about: string | null;
  form: (ConditionForm & { hidden: Hidden; cancel: string; regions: readonly string[] }) | null;
  sorts: { label: string; path: string; current: boolean }[];
  columns: ColumnModel[];
  /** what stands before a figure where there is no room for columns; here once, not in every row */
  labels: Record<'orders' | 'sum' | 'lastOrder' | 'lastActivity' | 'reviews', string>;
  rows: RowModel[];
  pager: PagerModel | null;
  empty: EmptyModel | null;
  /** whether the person may add and change customers */
  canWrite: boolean;
  /** null: the person may not export */
  export: { filter: string } | null;
  ticks: TicksModel | null;
}

interface TabModel {
  label: string;
  /** null: it would keep the page waiting, or cannot be had */
  count: string | null;
  /** where the number comes from later; null: from nowhere */
  later: string | null;
  path: string;
  current: boolean;
}

interface ColumnModel {
  label: string;
  number: boolean;
  /** null: cannot be sorted by */
  sort: { path: string; order: 'ascending' | 'descending' | 'none'; icon: string | null } | null;
}

interface RowModel {
  id: string;
  ticked: boolean;
  /** P-49 */
  tags: TagChip[];
  path: string;
  name: string;
  region: string | null;
  phone: string | null;
  morePhones: string;
  email: string | null;
  moreEmails: string;
  orders: string;
  sum: string;
  unconverted: string[];
  lastOrder: string;
  lastActivity: string;
  /** null: none that may be read (P-44) */
  reviews: { text: string; path: string; label: string } | null;
}

export function listModel(ctx: CompanyContext, loaded: Loaded): ListModel {
  const { t } = ctx;
  const { state, errors, page, form, into, regions } = loaded;
  const path = (change: Partial<ListState>) => listPath({ ...state, ...change }, errors);
  const params = listParams(state, errors);
  const selected = selectedIn(ctx);
  const filtered = state.where.length > 0 || errors.length > 0;
  const groups = tabs(ctx, loaded);
  return {
    tabs: groups,
    counting: groups.some(({ later }) => later !== null),
    search: { q: state.q, hidden: hiddenFields(params, ['q']), clear: state.q === '' ? null : path({ q: '' }) },
    chips: chips(ctx, loaded),
    clear: filtered ? listPath({ ...state, where: [] }, []) : null,
    adding: fieldsModel(ctx, loaded),
    save: saveModel(ctx, loaded),
    about: aboutSegment(ctx, loaded),
    form: form && {
      ...form,
      hidden: [...hiddenFields(params, []), ...(into ? [{ name: 'into', value: pathText(into) }] : [])],
      cancel: listPath(state, errors),
      regions,
    },
    sorts: SORTS.map((sort) => ({
      label: t(`customers.sort.${sort.key}`),
      path: path({ sort }),
      current: sort.key === state.sort.key,
    })),
    columns: columns(ctx, loaded),
    labels: {
      orders: t('customers.column.orders'),
      sum: t('customers.column.sum'),
      lastOrder: t('customers.column.lastOrder'),
      lastActivity: t('customers.column.lastActivity'),
      reviews: t('customers.column.reviews'),
    },
    rows: page.rows.map((row) => rowModel(row, ctx, loaded, selected !== 'none')),
    pager: pagerModel(ctx, loaded),
    empty: page.rows.length === 0 ? emptyModel(ctx, loaded) : null,
    canWrite: ctx.may('customers:write'),
    export: ctx.may('exports:create') && page.rows.length > 0 ? { filter: frozenParams(state).toString() } : null,
    ticks: ticksModel(ctx, loaded, selected),
  };
}

/** The presets and the company's own segments, with their numbers where these are known at no cost. */
function tabs({ t, format }: CompanyContext, { state, errors, segments, counts, segmentCounts }: Loaded): TabModel[] {
  const countOf = ({ key, preset, shipped }: Segment) => (preset && shipped ? counts[preset] : segmentCounts.get(key));
  return segments.map((segment) => {
    const count = countOf(segment) ?? null;
    return {
      label: nameOfSegment(segment, t),
      count: count === null ? null : format.number(count),
      later: count === null && segment.filter ? `/segments/${segment.key}/count` : null,
      path: listPath(
        { ...state, segment, edit: null },
        errors.filter(({ parameter }) => parameter !== 'segment'),
      ),
      current: segment.key === state.segment.key && state.edit === null,
    };
  });
}

// As each is wanted first: the newest, the most, names from the beginning.
const SORTS = (['activity', 'name', 'orders', 'sum', 'last_order', 'created'] as const).map((key) => ({
  key,
  descending: key !== 'name',
}));

const COLUMNS: { label: string; sort?: SortKey; number?: boolean }[] = [
  { label: 'name', sort: 'name' },
  { label: 'contacts' },
  { label: 'orders', sort: 'orders', number: true },
  { label: 'sum', sort: 'sum', number: true },
  { label: 'lastOrder', sort: 'last_order' },
  { label: 'lastActivity', sort: 'activity' },
  { label: 'reviews', number: true },
];

function columns({ t }: CompanyContext, { state, errors }: Loaded): ColumnModel[] {
  return COLUMNS.map(({ label, sort: key, number = false }) => {
    const first = SORTS.find((sort) => sort.key === key);
    const current = key === state.sort.key;
    const next = current ? { ...state.sort, descending: !state.sort.descending } : first;
    const order = state.sort.descending ? 'descending' : 'ascending';
    return {
      label: t(`customers.column.${label}`),
      number,
      sort: next
        ? {
            path: listPath({ ...state, sort: next }, errors),
            order: current ? order : 'none',
            icon: current ? (state.sort.descending ? 'arrow-down' : 'arrow-up') : null,
          }
        : null,
    };
  });
}

function rowModel(row: CustomerRow, ctx: CompanyContext, { tagged }: Loaded, ticked: boolean): RowModel {
  const { t, format, company } = ctx;
  const [phone] = row.phones;
  return {
    id: row.id,
    ticked,
    tags: (tagged.of.get(row.id) ?? []).map(chip),
    path: `/customers/${row.id}`,
    name: nameOf(row, { t }),
    region: row.region,
    phone: phone ? formatPhone(phone) : null,
    morePhones: more(row.phones),
    email: row.emails[0] ?? null,
    moreEmails: more(row.emails),
    orders: format.number(row.orders_count),
    sum: row.orders_count > 0n ? format.money(row.sum_all, company.currency) : '',
    unconverted: unconverted(row, { format }),
    lastOrder: row.last_order_at ? format.date(row.last_order_at) : '',
    lastActivity: row.last_activity_at ? format.date(row.last_activity_at) : '',
    reviews: row.reviews_count > 0n ? reviewsLink(row, { t, format }) : null,
  };
}

const reviewsLink = (row: CustomerRow, { t, format }: Pick<CompanyContext, 't' | 'format'>) => ({
  text: format.number(row.reviews_count),
  path: `/customers/${row.id}/reviews`,
  label: t('customers.list.reviews', { count: Number(row.reviews_count), name: nameOf(row, { t }) }),
});
