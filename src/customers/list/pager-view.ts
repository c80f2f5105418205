import type { CompanyContext } from '../../web/context.ts';
import { type PagerModel, rangeText, sizes } from '../../web/pager.ts';
import { hiddenFields, listParams, listPath } from './address.ts';
import type { Loaded } from './loaded.ts';

/** Where one is in the list, and the ways to other pages; null on an empty page. */
export function pagerModel(
  ctx: CompanyContext,
  { state, errors, page: { rows, next, previous }, total }: Loaded,
): PagerModel | null {
  const { t, format } = ctx;
  const { page, per } = state;
  if (rows.length === 0) return null;
  const lastPage = total === null ? null : Math.max(page, Math.ceil(total / per));
  const to = (place: Parameters<typeof listPath>[2]) => listPath(state, errors, place);
  const params = listParams(state, errors);
  return {
    range: rangeText(ctx, (page - 1) * per, rows.length),
    total: total === null ? null : ofTotal(ctx, total),
    counting: total === null ? { fragment: `/customers/total?${params}`, path: to({ page, count: 'wait' }) } : null,
    page,
    pages: lastPage === null ? null : t('web.pager.ofPages', { pages: format.number(lastPage) }),
    lastPage,
    first: page > 1 ? to({}) : null,
    previous: previous && page > 1 ? to(page > 2 ? { page: page - 1, before: previous } : {}) : null,
    next: next && to({ page: page + 1, after: next }),
    last: lastPage !== null && page < lastPage ? to({ page: lastPage }) : null,
    hidden: hiddenFields(params, ['page']),
    sizes: sizes(ctx, per, (size) => listPath({ ...state, per: size }, errors)),
  };
}

/** null: counting took too long. */
export const ofTotal = ({ t, format }: CompanyContext, total: number | null): string =>
  total === null ? t('web.pager.ofMany') : t('web.pager.ofTotal', { total: format.number(total) });
