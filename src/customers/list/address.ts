import { filterParams, type ListState, type StateError } from './state.ts';

/** A place in the list: nothing is the top. */
export interface Place {
  page?: number;
  after?: string;
  before?: string;
  /** the form for a condition on this field is open */
  add?: string;
  /** the part of the filter which the new condition joins */
  into?: string;
  /** `wait`: the page takes the time to count */
  count?: 'wait';
}

/** What `/customers` is called with. Conditions that were not understood stay, so that they stay visible until removed. */
export function listParams(state: ListState, errors: readonly StateError[], place: Place = {}): URLSearchParams {
  const params = filterParams(state);
  for (const { parameter, text } of errors) if (parameter === 'where') params.append('where', text);
  if (state.edit) params.set('edit', state.edit.key);
  if (state.per !== 20) params.set('per', String(state.per));
  const { page, ...rest } = place;
  if (page !== undefined && page > 1) params.set('page', String(page));
  for (const [name, value] of Object.entries(rest)) params.set(name, value);
  return params;
}

export function listPath(state: ListState, errors: readonly StateError[], place?: Place): string {
  const query = listParams(state, errors, place).toString();
  return query === '' ? '/customers' : `/customers?${query}`;
}

/** The parameters as hidden fields of a form that adds or replaces those named in `without`. */
export function hiddenFields(params: URLSearchParams, without: readonly string[]): { name: string; value: string }[] {
  return [...params].filter(([name]) => !without.includes(name)).map(([name, value]) => ({ name, value }));
}
