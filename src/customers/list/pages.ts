import { conditionForm, isField, readConditionForm } from '../../segments/segments.ts';
import type { CompanyContext } from '../../web/context.ts';
import { template } from '../../web/templates.ts';
import { regions } from '../regions.ts';
import { listPath } from './address.ts';
import { count, countsApart, list, presetCounts } from './list.ts';
import { ofTotal } from './pager-view.ts';
import { type ListState, parseListState } from './state.ts';
import { listModel } from './view.ts';

// So long a page waits for the number of customers found; who asks for it, waits longer.
const SHORT = 150;
const LONG = 20_000;

/** The list of customers (P-12). Every state is an address: Back, bookmarks and sharing work (P-32). */
export async function showList(ctx: CompanyContext): Promise<void> {
  const params = paramsOf(ctx);
  const { state, errors } = parseListState(params, ctx.company);
  const field = params.get('add') ?? '';
  const submitted = params.has('op');
  if (submitted) {
    const condition = readConditionForm(params, ctx.company, ctx.locale);
    if (!('error' in condition))
      return ctx.redirect(listPath({ ...state, where: [...state.where, condition] }, errors));
  }
  const form = isField(field) ? conditionForm(field, params, ctx, submitted) : null;
  const loaded = await load(ctx, state, params.get('count') === 'wait', field === 'region');
  const model = listModel(ctx, { ...loaded, state, errors, form });
  await ctx.render('customers/list', model, form?.error ? 422 : 200);
}

/** The page, and beside it, on a connection of its own, the number of customers found. */
async function load(ctx: CompanyContext, state: ListState, patient: boolean, withRegions: boolean) {
  const reading = ctx.services.tenancy.reading(ctx.company, async (db) => {
    const counts = await presetCounts(db, ctx.now);
    const page = await list(db, state, ctx.now, counts);
    return { counts, page, regions: withRegions ? await regions(db) : [] };
  });
  const counting = countsApart(state) ? countWithin(ctx, state, patient ? LONG : SHORT) : null;
  const [loaded, counted] = await Promise.all([reading, counting]);
  const known = loaded.page.total ?? counted;
  return { ...loaded, total: known ?? (patient ? await countWithin(ctx, state, LONG) : null) };
}

/** The number of customers found, for a page that did not wait for it. */
export async function showTotal(ctx: CompanyContext): Promise<void> {
  const { state } = parseListState(paramsOf(ctx), ctx.company);
  const text = ofTotal(ctx, await countWithin(ctx, state, LONG));
  ctx.res.type('html').send(template('customers/total')({ text }, { data: { t: ctx.t } }));
}

const paramsOf = ({ req }: CompanyContext) => new URL(req.originalUrl, 'http://localhost').searchParams;

const countWithin = (ctx: CompanyContext, state: ListState, milliseconds: number) =>
  ctx.services.tenancy.reading(ctx.company, (db) => count(db, state, ctx.now, milliseconds));
