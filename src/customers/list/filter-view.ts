import {
  describe,
  FIELD_KEYS,
  type Filter,
  filterText,
  isGroup,
  MAX_DEPTH,
  nameOf,
  type Part,
  type Path,
  pathText,
  phrase,
  sentence,
  type Words,
  without,
} from '../../segments/segments.ts';
import type { CompanyContext } from '../../web/context.ts';
import { listPath } from './address.ts';
import type { Loaded } from './loaded.ts';
import { EVERYBODY, type ListState } from './state.ts';

/** A condition, or brackets with their parts in it; partial `segments/chip`. */
export interface ChipModel {
  text: string;
  broken: boolean;
  remove: string;
  label: string;
  /** the word before all but the first of the parts: `or`; `none of` stands before the first */
  joiner: string;
  none: boolean;
  parts: ChipModel[];
  /** how another condition joins it; null: nobody may add one here */
  extend: { path: string; text: string; label: string } | null;
}

/** Every condition of the address, those that are not understood too. */
export function chips(ctx: CompanyContext, loaded: Loaded): ChipModel[] {
  const { t } = ctx;
  const { state, errors } = loaded;
  const chip = chipMaker(ctx, loaded);
  return [
    ...state.where.map((part, at) => chip(part, [at], 'all')),
    ...errors.map((error): ChipModel => {
      const text = t(`customers.list.broken.${error.reason}`, { text: error.piece ?? error.text });
      const others = errors.filter((other) => other !== error);
      return { ...leaf(ctx, text, listPath(state, others)), broken: true };
    }),
  ];
}

function chipMaker(ctx: CompanyContext, loaded: Loaded): (part: Part, path: Path, around: 'any' | 'all') => ChipModel {
  const { t, company } = ctx;
  const { state, errors } = loaded;
  const words = wordsOf(ctx, loaded);
  const chip = (part: Part, path: Path, around: 'any' | 'all'): ChipModel => {
    const remove = listPath({ ...state, where: without(state.where, path) }, errors);
    const extend = extendOf(part, path, around);
    if (!isGroup(part)) return { ...leaf(ctx, describe(part, words, company), remove), extend };
    const { join } = part;
    return {
      ...leaf(ctx, phrase(part, words, company), remove),
      joiner: t(`segments.join.${join}`),
      none: join === 'none',
      parts: part.parts.map((inner, at) => chip(inner, [...path, at], join === 'all' ? 'all' : 'any')),
      extend,
    };
  };
  return chip;

  function extendOf(part: Part, path: Path, around: 'any' | 'all'): ChipModel['extend'] {
    const makes = isGroup(part) ? part.join : around === 'all' ? 'any' : 'all';
    // The innermost brackets take no more brackets; "none of" is never made here, only shown.
    const tooDeep = !isGroup(part) && path.length > MAX_DEPTH;
    if (tooDeep || makes === 'none' || inNone(state.where, path)) return null;
    return {
      path: listPath(state, errors, { into: pathText(path) }),
      text: t(`segments.join.${makes}`),
      label: t(`segments.form.extend.${makes}`, { text: phrase(part, words, company) }),
    };
  }
}

function inNone(filter: Filter, [first, ...rest]: Path): boolean {
  const part = first === undefined ? undefined : filter[first];
  if (!part || !isGroup(part)) return false;
  return part.join === 'none' || inNone(part.parts, rest);
}

const leaf = ({ t }: CompanyContext, text: string, remove: string): ChipModel => ({
  text,
  remove,
  broken: false,
  label: t('customers.list.removeFilter', { text }),
  joiner: '',
  none: false,
  parts: [],
  extend: null,
});

/** What a condition can be added on; open where one is about to be added to another. */
export interface FieldsModel {
  open: boolean;
  title: string | null;
  cancel: string;
  fields: { label: string; path: string }[];
}

export function fieldsModel(ctx: CompanyContext, loaded: Loaded): FieldsModel {
  const { t, company } = ctx;
  const { state, errors, into, form } = loaded;
  const part = into && partAt(state.where, into);
  const place = part && into ? { into: pathText(into) } : {};
  return {
    open: Boolean(part) && form === null,
    title: part ? t('segments.form.beside', { text: phrase(part, wordsOf(ctx, loaded), company) }) : null,
    cancel: listPath(state, errors),
    fields: FIELD_KEYS.map((add) => ({
      label: t(`segments.fields.${add}`),
      path: listPath(state, errors, { add, ...place }),
    })),
  };
}

function partAt(filter: Filter, [first, ...rest]: Path): Part | null {
  const part = first === undefined ? undefined : filter[first];
  if (!part || rest.length === 0) return part ?? null;
  return isGroup(part) ? partAt(part.parts, rest) : null;
}

/** Saving what the list shows as a segment (P-33), or the changes of one (P-22). */
export interface SaveModel {
  /** the conditions to save; the search is no part of them */
  filter: string;
  sentence: string;
  /** null: as a new one */
  edit: { action: string; name: string; seen: string; title: string; cancel: string } | null;
  /** where to change the conditions of the chosen segment; null: it cannot be, or something was added to it */
  change: string | null;
  searched: boolean;
}

/** null: there is nothing to save, or the person may not. */
export function saveModel(ctx: CompanyContext, loaded: Loaded): SaveModel | null {
  const { t, company } = ctx;
  const { state } = loaded;
  const { segment, where, edit } = state;
  if (!ctx.may('customers:write')) return null;
  const whole = [...(segment.filter ?? []), ...where];
  const name = edit ? nameOf(edit, t) : '';
  if (!edit && segment.key === 'all' && where.length === 0) return null;
  return {
    filter: filterText(whole),
    sentence: sentence(whole, wordsOf(ctx, loaded), company),
    edit: edit && {
      action: `/segments/${edit.key}`,
      name,
      seen: edit.seen,
      title: t('segments.save.editing', { name }),
      cancel: listPath({ ...state, edit: null, where: [], segment: edit.filter ? edit : EVERYBODY }, []),
    },
    change: !edit && where.length === 0 ? editPath(state) : null,
    searched: state.q !== '',
  };
}

export function aboutSegment(ctx: CompanyContext, loaded: Loaded): string | null {
  const { segment } = loaded.state;
  return segment.key === 'all' ? null : sentence(segment.filter ?? [], wordsOf(ctx, loaded), ctx.company);
}

/** The list with the conditions of its segment laid out, to be changed. */
const editPath = (state: ListState): string =>
  listPath({ ...state, edit: state.segment, segment: EVERYBODY, where: state.segment.filter ?? [] }, []);

export const wordsOf = ({ t, format, locale }: CompanyContext, { tags }: Pick<Loaded, 'tags'>): Words => ({
  ...{ t, format, locale, tags },
});
