import * as customers from '../../customers/customers.ts';
import { isId } from '../../kernel/id.ts';
import { liveSegments, nameOf, type Segment, sentence } from '../../segments/segments.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow, Whom } from '../draft/draft.ts';
import type { WhomForm } from '../draft/input.ts';

/** What the choice of recipients in the form needs. */
export interface WhomLoaded {
  segments: readonly Segment[];
  tagNames: ReadonlyMap<string, string>;
  /** what the form was opened with, in words; null: nothing yet */
  chosen: { words: string; ids: readonly string[]; filter: string } | null;
}

export async function loadWhom(ctx: CompanyContext, db: CompanyReader, given: Whom | null): Promise<WhomLoaded> {
  const [segments, dictionary] = [await liveSegments(db), await tags.names(db)];
  if (!given) return { segments, tagNames: dictionary, chosen: null };
  const chosen = {
    words: whomWords(ctx, given, dictionary, segments),
    ids: 'ids' in given ? given.ids : [],
    filter: 'filter' in given ? given.filter : '',
  };
  return { segments, tagNames: dictionary, chosen };
}

/** `3 chosen customers`, `All customers`, `Loyal`, `gender is female, found by “anna”`. */
export function whomWords(
  ctx: CompanyContext,
  whom: Whom,
  tagNames: ReadonlyMap<string, string>,
  segments?: readonly Segment[],
): string {
  const { t, company, format } = ctx;
  if ('ids' in whom) {
    const count = whom.ids.length;
    return t('sms.whom.ticked', { count, shown: format.number(count) });
  }
  const { state } = customers.parseListState(new URLSearchParams(whom.filter), company, segments);
  const named = state.segment.key === 'all' ? [] : [nameOf(state.segment, t)];
  const conditions = state.where.length > 0 ? [sentence(state.where, { ...ctx, tags: tagNames }, company)] : [];
  const search = state.q === '' ? [] : [t('bulk.searched', { q: state.q })];
  const parts = [...named, ...conditions, ...search];
  return parts.length === 0 ? t('sms.whom.all') : parts.join(', ');
}

/** Whom a form is opened with: `ids`, or `filter`, or `segment` as the list's own addresses have it. null: nobody yet. */
export function whomOfAddress(params: URLSearchParams): Whom | null {
  const ids = params.getAll('ids');
  if (ids.length > 0) return { ids: ids.filter(isId) };
  const filter = params.get('filter');
  return filter === null ? null : { filter };
}

/** What the form holds. null: nobody is chosen. */
export function whomOf({ to, ids, filter }: WhomForm): Whom | null {
  if (to === 'chosen') return openedWith({ ids, filter });
  return to === '' ? null : { filter: to === 'all' ? '' : `segment=${encodeURIComponent(to)}` };
}

/** What the form was opened with, whatever is chosen in it now. */
export function openedWith({ ids, filter }: Pick<WhomForm, 'ids' | 'filter'>): Whom | null {
  if (ids) return { ids };
  // An empty one is everybody, but only where it is given.
  return filter === undefined ? null : { filter };
}

/** Whom a stored one is about. */
export const whomIn = ({ customer_ids: ids, filter }: Pick<CampaignRow, 'customer_ids' | 'filter'>): Whom =>
  ids ? { ids } : { filter };
