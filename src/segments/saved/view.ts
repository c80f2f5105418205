import type { CompanyContext } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { SegmentCounts } from '../counts/counts.ts';
import type { Coverage } from '../counts/coverage.ts';
import type { Words } from '../describe.ts';
import { filterText, parseFilter } from '../filter.ts';
import { sentence } from '../sentence.ts';
import type { Filter } from '../tree.ts';
import { nameOf, type Segment, type Shelf } from './shelf.ts';

declare module '../../web/views.ts' {
  interface Views {
    'segments/list': ListModel;
    'segments/edit': EditModel;
  }
}

interface ListModel {
  segments: RowModel[];
  deleted: { key: string; name: string; sentence: string; label: string }[];
  coverage: CoverageModel;
  /** some numbers are still being counted; who has no script asks again */
  counting: boolean;
  canChange: boolean;
}

interface RowModel {
  key: string;
  name: string;
  path: string;
  sentence: string;
  broken: boolean;
  changed: boolean;
  /** null: it is still being counted, or cannot be */
  count: CountModel | null;
  /** buttons; null: this one is fixed, or the person may not */
  acts: {
    labels: Record<'edit' | 'delete' | 'up' | 'down' | 'restore', string>;
    own: boolean;
    up: boolean;
    down: boolean;
  } | null;
}

export interface CountModel {
  text: string;
  /** null: this is the number */
  late: string | null;
}

export interface CoverageModel {
  counting: boolean;
  /** nobody is there twice or left out */
  fine: string | null;
  warnings: { text: string; path: string | null }[];
  late: string | null;
}

interface Loaded extends Shelf {
  readonly counts: SegmentCounts;
  readonly coverage: Coverage | null;
  readonly tags: ReadonlyMap<string, string>;
}

export function listModel(ctx: CompanyContext, loaded: Loaded): ListModel {
  const { t, company } = ctx;
  const { live, deleted, counts } = loaded;
  const words = { ...ctx, tags: loaded.tags };
  const own = live.filter(({ preset }) => preset === null);
  return {
    segments: live.map((segment): RowModel => {
      const { key, filter, pristine, preset } = segment;
      const name = nameOf(segment, t);
      const count = counts.get(key);
      return {
        ...{ key, name, broken: filter === null, changed: preset !== null && !pristine },
        path: key === 'all' ? '/customers' : `/customers?segment=${key}`,
        sentence: filter ? sentence(filter, words, company) : t('segments.list.broken'),
        count: count === undefined || count === null ? null : countModel(ctx, count),
        acts:
          key === 'all' || !ctx.may('customers:write')
            ? null
            : { labels: labels(ctx, name), own: preset === null, up: own[0] !== segment, down: own.at(-1) !== segment },
      };
    }),
    deleted: deleted.map((segment) => {
      const name = nameOf(segment, t);
      const text = segment.filter ? sentence(segment.filter, words, company) : t('segments.list.broken');
      return { key: segment.key, name, sentence: text, label: t('segments.list.restoreLabel', { name }) };
    }),
    coverage: coverageModel(ctx, loaded.coverage, false),
    counting: loaded.coverage === null || [...counts.values()].includes(null),
    canChange: ctx.may('customers:write'),
  };
}

const labels = ({ t }: CompanyContext, name: string) => ({
  edit: t('segments.list.editLabel', { name }),
  delete: t('segments.list.deleteLabel', { name }),
  up: t('segments.list.upLabel', { name }),
  down: t('segments.list.downLabel', { name }),
  restore: t('segments.list.restoreLabel', { name }),
});

/** null: even for who asked it took too long. */
export const countModel = ({ t, format }: CompanyContext, count: number | null): CountModel => ({
  text: count === null ? '' : format.number(count),
  late: count === null ? t('segments.list.late') : null,
});

/** `asked`: somebody waited for it. */
export function coverageModel(ctx: CompanyContext, found: Coverage | null, asked: boolean): CoverageModel {
  const { t, format } = ctx;
  if (!found) {
    return { counting: !asked, fine: null, warnings: [], late: asked ? t('segments.list.late') : null };
  }
  const number = (customers: number) => ({ count: customers, customers: format.number(customers) });
  const warnings = [
    ...found.overlaps.map(({ one, other, customers, filter }) => ({
      text: t('segments.coverage.overlap', { ...number(customers), one: nameOf(one, t), other: nameOf(other, t) }),
      path: pathOf(filter),
    })),
    ...(found.hole
      ? [{ text: t('segments.coverage.hole', number(found.hole.customers)), path: pathOf(found.hole.filter) }]
      : []),
  ];
  const names = new Intl.ListFormat(ctx.locale).format(found.dividing.map((segment) => nameOf(segment, t)));
  const fine = warnings.length === 0 && found.dividing.length > 1 ? t('segments.coverage.fine', { names }) : null;
  return { counting: false, fine, warnings, late: null };
}

const pathOf = (filter: Filter | null) => filter && `/customers?${filterText(filter)}`;

interface EditModel {
  title: string;
  /** where the form goes */
  action: string;
  values: { name: string; filter: string; seen: string };
  errors: Record<string, string>;
  sentence: string;
  /** the list with the conditions laid out to be changed; null: they are those of the list already */
  conditions: string;
  /** what somebody else made of it meanwhile */
  changed: string | null;
  back: string;
}

/** `segment`: null for a new one. */
export function editModel(
  ctx: CompanyContext,
  segment: Segment | null,
  { values, errors }: Refusal,
  tags: ReadonlyMap<string, string>,
  changed: boolean,
): EditModel {
  const { t, company } = ctx;
  const words: Words = { ...ctx, tags };
  const filter = (values.filter !== undefined ? parseFilter(values.filter, company) : segment?.filter) ?? [];
  const text = filterText(filter);
  const meanwhile = segment && { name: nameOf(segment, t), sentence: sentence(segment.filter ?? [], words, company) };
  const edit = segment ? `edit=${segment.key}&` : '';
  return {
    title: segment ? t('segments.edit.title', { name: nameOf(segment, t) }) : t('segments.save.title'),
    action: segment ? `/segments/${segment.key}` : '/segments',
    values: { name: values.name ?? (segment ? nameOf(segment, t) : ''), filter: text, seen: segment?.seen ?? '' },
    errors: errors.filter && !errors.name ? { ...errors, name: errors.filter } : errors,
    sentence: filter.length > 0 ? sentence(filter, words, company) : '',
    conditions: `/customers?${edit}${text}`,
    changed: changed ? t('segments.form.error.changed', { ...meanwhile }) : null,
    back: segment ? '/segments' : `/customers?${text}`,
  };
}
