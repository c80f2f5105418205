import { isCleanText } from '../../kernel/text.ts';
import {
  conditionsIn,
  type Filter,
  MAX_CONDITIONS,
  type Part,
  type PartError,
  parsePart,
  partText,
  type Segment,
  SHIPPED,
} from '../../segments/segments.ts';
import type { Company } from '../../tenancy/company.ts';
import { PAGE_SIZES, type PageSize } from '../../web/pager.ts';
import { DEFAULT_SORT, type Mark, parseMark, parseSort, type Sort, sortText } from './sort.ts';

/** Everything that makes up one view of the list; it lives in the address, and nowhere else. */
export interface ListState {
  readonly segment: Segment;
  /** what is asked beside the segment */
  readonly where: Filter;
  /** the search box, as typed */
  readonly q: string;
  readonly sort: Sort;
  readonly per: PageSize;
  /** from 1; beside a mark only the number that is shown */
  readonly page: number;
  /** the page begins after this row, or ends before it */
  readonly mark: { readonly side: 'after' | 'before'; readonly at: Mark } | null;
  /** only customers that changed since; the API asks so, no address of a page */
  readonly updatedSince: Date | null;
  /** the segment whose conditions stand in `where` to be changed; null: none */
  readonly edit: Segment | null;
}

/** A parameter that is not understood: the API refuses it, the page shows it and goes on without. */
export interface StateError {
  readonly parameter: 'segment' | 'edit' | 'where' | 'q' | 'sort' | 'per' | 'page' | 'cursor';
  readonly reason: 'unknown' | 'tooMany' | PartError['error'];
  /** as given */
  readonly text: string;
  /** the piece of it that is meant, where it is not the whole */
  readonly piece?: string;
}

/**
 * Reads `segment`, repeated `where`, `q`, `sort`, `per`, `page`, `after` (or `cursor`), `before`, `edit`. Whatever is wrong is left
 * out of the state and told in `errors`. Empty parameters, as forms send them, and unknown ones count as not given. `segments`: those
 * of the company; without them only the presets as they came are known, which is all that `frozenParams` writes.
 */
export function parseListState(
  params: URLSearchParams,
  company: Company,
  segments: readonly Segment[] = SHIPPED,
): { state: ListState; errors: StateError[] } {
  const errors: StateError[] = [];
  function read<Value>(name: StateError['parameter'], absent: Value, parse: (text: string) => Value | null): Value {
    const text = params.get(name) ?? '';
    if (text === '') return absent;
    const value = parse(text);
    if (value === null) errors.push({ parameter: name, reason: 'unknown', text });
    return value ?? absent;
  }
  const sort = read('sort', DEFAULT_SORT, parseSort);
  // One that is not understood any more is like one that is not there.
  const find = (text: string) => segments.find(({ key, filter }) => key === text && filter !== null) ?? null;
  const segment = read<Segment>('segment', EVERYBODY, find);
  const state: ListState = {
    segment,
    where: readConditions(params, company, conditionsIn(segment.filter ?? []), errors),
    q: read('q', '', (text) => (isCleanText(text) && text.length <= 255 ? text : null)),
    sort,
    per: read<PageSize>('per', 20, (text) => PAGE_SIZES.find((size) => String(size) === text) ?? null),
    page: read('page', 1, (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null)),
    mark: readMark(params, sort, errors),
    updatedSince: null,
    edit: read<Segment | null>(
      'edit',
      null,
      (text) => segments.find(({ key }) => key === text && key !== 'all') ?? null,
    ),
  };
  return { state, errors };
}

/** Everybody: a filter without a segment. */
export const EVERYBODY: Segment = SHIPPED[0] as Segment;

/** `before`: how many conditions the segment has already. */
function readConditions(params: URLSearchParams, company: Company, before: number, errors: StateError[]): Part[] {
  const texts = params.getAll('where').filter((text) => text !== '');
  let size = before;
  return texts.flatMap((text) => {
    const part = parsePart(text, company);
    if ('error' in part) {
      const piece = part.text === text ? {} : { piece: part.text };
      errors.push({ parameter: 'where', reason: part.error, text, ...piece });
      return [];
    }
    if (size + conditionsIn([part]) > MAX_CONDITIONS) {
      errors.push({ parameter: 'where', reason: 'tooMany', text });
      return [];
    }
    size += conditionsIn([part]);
    return [part];
  });
}

function readMark(params: URLSearchParams, sort: Sort, errors: StateError[]): ListState['mark'] {
  const before = params.get('before');
  const token = before || params.get('after') || params.get('cursor');
  if (!token) return null;
  const at = parseMark(sort, token);
  if (!at) errors.push({ parameter: 'cursor', reason: 'unknown', text: token });
  return at && { side: before ? 'before' : 'after', at };
}

/** What chooses the customers and their order, without the place in the list: `segment=new&where=…&q=…&sort=…`. */
export function filterParams(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  if (state.segment.key !== 'all') params.set('segment', state.segment.key);
  for (const part of state.where) params.append('where', partText(part));
  if (state.q !== '') params.set('q', state.q);
  const sort = sortText(state.sort);
  if (sort !== sortText(DEFAULT_SORT)) params.set('sort', sort);
  return params;
}

/**
 * The same for work that is done later, or takes long (exports, changes of many customers): the conditions of a saved segment stand
 * in it themselves, so that it means what it meant when it was asked, whatever becomes of the segment meanwhile.
 */
export const frozenParams = (state: ListState): URLSearchParams => filterParams(frozen(state));

function frozen(state: ListState): ListState {
  const { segment, where } = state;
  if (segment.shipped) return state;
  return { ...state, segment: EVERYBODY, where: [...(segment.filter ?? []), ...where] };
}
