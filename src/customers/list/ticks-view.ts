import type { CompanyContext } from '../../web/context.ts';
import type { Loaded } from './loaded.ts';
import { frozenParams } from './state.ts';

/** Rows that are ticked, and what can be done to them; partial `bulk/bar`. The choice lives in the address too: `select=page|all`. */
export interface TicksModel {
  selected: Selected;
  /** for all that match: whom the list finds, without the place in it */
  filter: string;
  /** of this very page, for the way back */
  back: string;
  /** addresses of this page with other rows ticked; null: that is how it is, or would be the same */
  paths: { page: string | null; all: string | null; none: string | null };
  all: string;
  /** names of the tags there are */
  names: string[];
  /** whether the person may send SMS */
  canSend: boolean;
}

export type Selected = 'none' | 'page' | 'all';

/** null: there is nothing to tick, or the person may not change customers */
export function ticksModel(
  ctx: CompanyContext,
  { state, page, total, tagged }: Loaded,
  selected: Selected,
): TicksModel | null {
  const { t, format } = ctx;
  if (!ctx.may('customers:write') || page.rows.length === 0) return null;
  const others = page.next !== null || page.previous !== null;
  return {
    selected,
    filter: frozenParams(state).toString(),
    back: pathWith(ctx, null),
    paths: {
      page: selected === 'none' ? pathWith(ctx, 'page') : null,
      all: selected !== 'all' && others ? pathWith(ctx, 'all') : null,
      none: selected !== 'none' ? pathWith(ctx, null) : null,
    },
    all: total === null ? t('bulk.bar.allMany') : t('bulk.bar.all', { count: total, shown: format.number(total) }),
    names: tagged.dictionary.map(({ name }) => name),
    canSend: ctx.may('campaigns:send'),
  };
}

const addressOf = ({ req }: CompanyContext) => new URL(req.originalUrl, 'http://localhost');

export function selectedIn(ctx: CompanyContext): Selected {
  const select = addressOf(ctx).searchParams.get('select');
  return select === 'page' || select === 'all' ? select : 'none';
}

function pathWith(ctx: CompanyContext, select: Selected | null): string {
  const { pathname, searchParams } = addressOf(ctx);
  searchParams.delete('select');
  if (select) searchParams.set('select', select);
  return searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname;
}
