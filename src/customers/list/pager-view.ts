import type { CompanyContext } from '../../web/context.ts';
import { hiddenFields, listParams, listPath } from './address.ts';
import type { Loaded } from './loaded.ts';
import { PAGE_SIZES } from './state.ts';

export interface PagerModel {
  /** `1–20` */
  range: string;
  /** `of 1,234`; null: still counting */
  total: string | null;
  /** where the number comes from, for a page that did not wait; null: it is there */
  counting: { fragment: string; path: string } | null;
  page: number;
  /** `of 62`; null: not known */
  pages: string | null;
  lastPage: number | null;
  first: string | null;
  previous: string | null;
  next: string | null;
  last: string | null;
  hidden: { name: string; value: string }[];
  sizes: { label: string; path: string; current: boolean }[];
}

/** Where one is in the list, and the ways to other pages; null on an empty page. */
export function pagerModel(
  ctx: CompanyContext,
  { state, errors, page: { rows, next, previous }, total }: Loaded,
): PagerModel | null {
  const { t, format } = ctx;
  const { page, per } = state;
  if (rows.length === 0) return null;
  const above = (page - 1) * per;
  const lastPage = total === null ? null : Math.max(page, Math.ceil(total / per));
  const to = (place: Parameters<typeof listPath>[2]) => listPath(state, errors, place);
  const params = listParams(state, errors);
  return {
    range: t('customers.list.range', { from: format.number(above + 1), to: format.number(above + rows.length) }),
    total: total === null ? null : ofTotal(ctx, total),
    counting: total === null ? { fragment: `/customers/total?${params}`, path: to({ page, count: 'wait' }) } : null,
    page,
    pages: lastPage === null ? null : t('customers.list.ofPages', { pages: format.number(lastPage) }),
    lastPage,
    first: page > 1 ? to({}) : null,
    previous: previous && page > 1 ? to(page > 2 ? { page: page - 1, before: previous } : {}) : null,
    next: next && to({ page: page + 1, after: next }),
    last: lastPage !== null && page < lastPage ? to({ page: lastPage }) : null,
    hidden: hiddenFields(params, ['page']),
    sizes: PAGE_SIZES.map((size) => ({
      label: format.number(size),
      path: listPath({ ...state, per: size }, errors),
      current: size === per,
    })),
  };
}

/** null: counting took too long. */
export const ofTotal = ({ t, format }: CompanyContext, total: number | null): string =>
  total === null ? t('customers.list.ofMany') : t('customers.list.ofTotal', { total: format.number(total) });
