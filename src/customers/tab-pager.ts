import type { CompanyContext } from '../web/context.ts';
import type { PagerModel } from './list/pager-view.ts';
import { PAGE_SIZES, type PageSize } from './list/state.ts';

export interface Paging {
  readonly page: number;
  readonly per: PageSize;
}

/** `page` and `per` of the address (P-53); what is not understood counts as not given. */
export function readPaging({ req }: Pick<CompanyContext, 'req'>): Paging {
  const { page, per } = req.query;
  return {
    page: typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
    per: PAGE_SIZES.find((size) => String(size) === per) ?? 20,
  };
}

/** The pager of a list that is counted and reached by page numbers; null where it is empty. */
export function tabPager(
  { t, format, req }: CompanyContext,
  { page, per }: Paging,
  shown: number,
  total: number,
): PagerModel | null {
  if (shown === 0) return null;
  const lastPage = Math.max(page, Math.ceil(total / per));
  const path = (change: Record<string, string>) => {
    const params = new URL(req.originalUrl, 'http://localhost').searchParams;
    params.delete('page');
    for (const [name, value] of Object.entries(change)) params.set(name, value);
    const query = params.toString();
    return query === '' ? req.path : `${req.path}?${query}`;
  };
  const to = (n: number) => path(n === 1 ? {} : { page: String(n) });
  const above = (page - 1) * per;
  return {
    range: t('customers.list.range', { from: format.number(above + 1), to: format.number(above + shown) }),
    total: t('customers.list.ofTotal', { total: format.number(total) }),
    counting: null,
    page,
    pages: t('customers.list.ofPages', { pages: format.number(lastPage) }),
    lastPage,
    first: page > 1 ? to(1) : null,
    previous: page > 1 ? to(page - 1) : null,
    next: page < lastPage ? to(page + 1) : null,
    last: page < lastPage ? to(lastPage) : null,
    hidden: [...new URL(path({}), 'http://localhost').searchParams].map(([name, value]) => ({ name, value })),
    sizes: PAGE_SIZES.map((size) => ({
      label: format.number(size),
      path: path({ per: String(size) }),
      current: size === per,
    })),
  };
}
