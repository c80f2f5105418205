import {
  type Condition,
  conditionForm,
  countsAtOnce,
  isField,
  liveSegments,
  presetCounts,
  readConditionForm,
  readPath,
  withAdded,
} from '../../segments/segments.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { template } from '../../web/templates.ts';
import { regions } from '../regions.ts';
import { listPath } from './address.ts';
import { countsApart, list, total } from './list.ts';
import type { Loaded } from './loaded.ts';
import { ofTotal } from './pager-view.ts';
import { type ListState, parseListState } from './state.ts';
import { listModel } from './view.ts';

// So long a page waits for the number of customers found; who asks for it, waits longer.
const SHORT = 150;
const LONG = 20_000;

// Up to so many customers all segments can be counted for every page: one walk over them.
const FEW = 20_000;

/** The list of customers (P-12). Every state is an address: Back, bookmarks and sharing work (P-32). */
export async function showList(ctx: CompanyContext): Promise<void> {
  const params = paramsOf(ctx);
  const chosen = params.has('op') ? readConditionForm(params, ctx.company, ctx.locale) : null;
  if (chosen && !('error' in chosen)) return addCondition(ctx, params, chosen);
  const field = params.get('add') ?? '';
  const loaded = await load(ctx, params, field);
  const words = { ...ctx, tags: loaded.tags };
  const form = isField(field) ? conditionForm(field, params, words, chosen !== null) : null;
  await ctx.render('customers/list', listModel(ctx, { ...loaded, form }), form?.error ? 422 : 200);
}

/** To the address that has this condition too. */
async function addCondition(ctx: CompanyContext, params: URLSearchParams, condition: Condition): Promise<void> {
  const segments = await ctx.services.tenancy.reading(ctx.company, liveSegments);
  const { state, errors } = parseListState(params, ctx.company, segments);
  const where = withAdded(state.where, condition, intoOf(params));
  ctx.redirect(listPath({ ...state, where, page: 1, mark: null }, errors));
}

const intoOf = (params: URLSearchParams) => readPath(params.get('into') ?? '');

/** The page, and beside it, on a connection of its own, the number of customers found. */
async function load(ctx: CompanyContext, params: URLSearchParams, field: string): Promise<Omit<Loaded, 'form'>> {
  const patient = params.get('count') === 'wait';
  const { counting, tagging, ...loaded } = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const [segments, counts] = await Promise.all([liveSegments(db), presetCounts(db, ctx.now)]);
    const { state, errors } = parseListState(params, ctx.company, segments);
    // Not waited for here: an error comes out below, where it is.
    const counting = countsApart(state) ? settled(countWithin(ctx, state, patient ? LONG : SHORT)) : null;
    const page = await list(db, state, ctx.now, counts);
    const segmentCounts = counts.all <= FEW ? await countsAtOnce(db, segments, ctx.now) : new Map<string, number>();
    const places = field === 'region' ? await regions(db) : [];
    const ids = page.rows.map(({ id }) => id);
    // The last question, and not waited for either: the end of the transaction leaves along with it.
    const tagging = settled(tags.ofCustomers(db, ids));
    return { state, errors, segments, counts, counting, page, tagging, segmentCounts, regions: places };
  });
  const tagged = (await tagging)();
  const counted = counting && (await counting)();
  const known = loaded.page.total ?? counted;
  const found = known ?? (patient ? await countWithin(ctx, loaded.state, LONG) : null);
  const names = new Map(tagged.dictionary.map(({ id, name }) => [id, name]));
  return { ...loaded, tagged, tags: names, total: found, into: intoOf(params) };
}

/** What a promise comes to, as a call that answers or throws: nobody has to listen to it meanwhile. */
const settled = <T>(promise: Promise<T>): Promise<() => T> =>
  promise.then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );

/** The number of customers found, for a page that did not wait for it. */
export async function showTotal(ctx: CompanyContext): Promise<void> {
  const segments = await ctx.services.tenancy.reading(ctx.company, liveSegments);
  const { state } = parseListState(paramsOf(ctx), ctx.company, segments);
  const text = ofTotal(ctx, await countWithin(ctx, state, LONG));
  ctx.res.type('html').send(template('customers/total')({ text }, { data: { t: ctx.t } }));
}

const paramsOf = ({ req }: CompanyContext) => new URL(req.originalUrl, 'http://localhost').searchParams;

const countWithin = (ctx: CompanyContext, state: ListState, milliseconds: number) =>
  ctx.services.tenancy.readingWithin(ctx.company, milliseconds, (db) => total(db, state, ctx.now));
