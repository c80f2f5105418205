import type { CompanyContext } from '../../web/context.ts';
import { listPath } from './address.ts';
import type { Loaded } from './loaded.ts';
import { hasPattern, readSearch } from './search.ts';
import { EVERYBODY } from './state.ts';

export interface EmptyModel {
  icon: string;
  title: string;
  text: string;
  actions: { label: string; path: string }[];
}

/** Why there is nothing, and what to do about it. */
export function emptyModel({ t, may }: CompanyContext, { state, errors, counts, total }: Loaded): EmptyModel {
  const say = (why: string, icon: string, actions: [label: string, path: string][]): EmptyModel => ({
    icon,
    title: t(`customers.empty.${why}.title`),
    text: t(`customers.empty.${why}.text`),
    actions: actions.map(([label, path]) => ({ label: t(`customers.empty.${label}`), path })),
  });
  if (counts.all === 0) {
    const keys: [string, string][] = may('settings:manage') ? [['makeKey', '/settings/keys']] : [];
    const add: [string, string][] = may('customers:write') ? [['addFirst', '/customers/new']] : [];
    return say('none', 'users', [...add, ['readDocs', '/api/docs'], ...keys]);
  }
  if (state.page > 1 && total !== 0) return say('page', 'list', [['firstPage', listPath(state, errors)]]);
  if (state.q === '' && state.where.length === 0) {
    return say('group', 'users', [['showAll', listPath({ ...state, segment: EVERYBODY }, errors)]]);
  }
  const actions: [string, string][] = [];
  if (state.q !== '') actions.push(['clearSearch', listPath({ ...state, q: '' }, errors)]);
  if (state.where.length > 0) {
    actions.push(['removeLast', listPath({ ...state, where: state.where.slice(0, -1) }, errors)]);
  }
  const search = readSearch(state.q);
  return say(search && !hasPattern(search) ? 'signs' : 'match', 'search', actions);
}
