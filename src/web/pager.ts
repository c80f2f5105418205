import { isId } from '../kernel/id.ts';
import type { Context } from './context.ts';

export const PAGE_SIZES = [20, 50, 100] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

/** Where one is in a list, and the ways to its other pages; partial `pager`. */
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

export interface Paging {
  readonly page: number;
  readonly per: PageSize;
}

/** `page` and `per` of the address (P-53); what is not understood counts as not given. */
export function readPaging({ req }: Pick<Context, 'req'>): Paging {
  const { page, per } = req.query;
  return {
    page: typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
    per: PAGE_SIZES.find((size) => String(size) === per) ?? 20,
  };
}

/** `before` of the address: the id of the last row of the page before, where a list is read on from there; null: its first page. */
export function readBefore({ req }: Pick<Context, 'req'>): string | null {
  const { before } = req.query;
  return typeof before === 'string' && isId(before) ? before : null;
}

/** A page of a list that is counted and reached by page numbers. */
export interface Paged {
  /** null on an empty page */
  pager: PagerModel | null;
  /** the way back from a page behind the last one; null: this is none */
  first: string | null;
}

/** `shown` rows of `total` are on this page. */
export function paged(ctx: Context, paging: Paging, shown: number, total: number): Paged {
  if (shown > 0) return { pager: numbered(ctx, paging, shown, total), first: null };
  return { pager: null, first: paging.page > 1 ? addressWith(ctx, {}) : null };
}

function numbered(ctx: Context, { page, per }: Paging, shown: number, total: number): PagerModel {
  const { t, format } = ctx;
  const lastPage = Math.max(page, Math.ceil(total / per));
  const to = (n: number) => addressWith(ctx, n === 1 ? {} : { page: String(n) });
  return {
    range: rangeText(ctx, (page - 1) * per, shown),
    total: t('web.pager.ofTotal', { total: format.number(total) }),
    counting: null,
    page,
    pages: t('web.pager.ofPages', { pages: format.number(lastPage) }),
    lastPage,
    first: page > 1 ? to(1) : null,
    previous: page > 1 ? to(page - 1) : null,
    next: page < lastPage ? to(page + 1) : null,
    last: page < lastPage ? to(lastPage) : null,
    hidden: [...new URL(to(1), 'http://localhost').searchParams].map(([name, value]) => ({ name, value })),
    sizes: sizes(ctx, per, (size) => addressWith(ctx, { per: String(size) })),
  };
}

/** This address on its first page, with these parameters. */
function addressWith({ req }: Context, change: Record<string, string>): string {
  const params = new URL(req.originalUrl, 'http://localhost').searchParams;
  params.delete('page');
  for (const [name, value] of Object.entries(change)) params.set(name, value);
  const query = params.toString();
  return query === '' ? req.path : `${req.path}?${query}`;
}

/** `21–40`: so many rows below so many others. */
export const rangeText = ({ t, format }: Context, above: number, shown: number): string =>
  t('web.pager.range', { from: format.number(above + 1), to: format.number(above + shown) });

export const sizes = ({ format }: Context, current: number, path: (size: PageSize) => string): PagerModel['sizes'] =>
  PAGE_SIZES.map((size) => ({ label: format.number(size), path: path(size), current: size === current }));
