import { isCleanText } from '../../kernel/text.ts';
import {
  type Condition,
  conditionText,
  isPreset,
  MAX_CONDITIONS,
  type PresetKey,
  parseCondition,
} from '../../segments/segments.ts';
import type { Company } from '../../tenancy/company.ts';
import { PAGE_SIZES, type PageSize } from '../../web/pager.ts';
import { DEFAULT_SORT, type Mark, parseMark, parseSort, type Sort, sortText } from './sort.ts';

/** Everything that makes up one view of the list; it lives in the address, and nowhere else. */
export interface ListState {
  readonly segment: PresetKey;
  readonly where: readonly Condition[];
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
}

/** A parameter that is not understood: the API refuses it, the page shows it and goes on without. */
export interface StateError {
  readonly parameter: 'segment' | 'where' | 'q' | 'sort' | 'per' | 'page' | 'cursor';
  readonly reason: 'unknown' | 'field' | 'operator' | 'value' | 'tooMany';
  /** as given */
  readonly text: string;
}

/**
 * Reads `segment`, repeated `where`, `q`, `sort`, `per`, `page`, `after` (or `cursor`), `before`. Whatever is wrong is left out of
 * the state and told in `errors`. Empty parameters, as forms send them, and unknown ones count as not given.
 */
export function parseListState(params: URLSearchParams, company: Company): { state: ListState; errors: StateError[] } {
  const errors: StateError[] = [];
  function read<Value>(name: StateError['parameter'], absent: Value, parse: (text: string) => Value | null): Value {
    const text = params.get(name) ?? '';
    if (text === '') return absent;
    const value = parse(text);
    if (value === null) errors.push({ parameter: name, reason: 'unknown', text });
    return value ?? absent;
  }
  const sort = read('sort', DEFAULT_SORT, parseSort);
  const state: ListState = {
    segment: read<PresetKey>('segment', 'all', (text) => (isPreset(text) ? text : null)),
    where: readConditions(params, company, errors),
    q: read('q', '', (text) => (isCleanText(text) && text.length <= 255 ? text : null)),
    sort,
    per: read<PageSize>('per', 20, (text) => PAGE_SIZES.find((size) => String(size) === text) ?? null),
    page: read('page', 1, (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null)),
    mark: readMark(params, sort, errors),
    updatedSince: null,
  };
  return { state, errors };
}

function readConditions(params: URLSearchParams, company: Company, errors: StateError[]): Condition[] {
  const texts = params.getAll('where').filter((text) => text !== '');
  return texts.flatMap((text, position) => {
    if (position >= MAX_CONDITIONS) {
      errors.push({ parameter: 'where', reason: 'tooMany', text });
      return [];
    }
    const condition = parseCondition(text, company);
    if (!('error' in condition)) return [condition];
    errors.push({ parameter: 'where', reason: condition.error, text });
    return [];
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
  if (state.segment !== 'all') params.set('segment', state.segment);
  for (const condition of state.where) params.append('where', conditionText(condition));
  if (state.q !== '') params.set('q', state.q);
  const sort = sortText(state.sort);
  if (sort !== sortText(DEFAULT_SORT)) params.set('sort', sort);
  return params;
}
