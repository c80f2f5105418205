import { z } from 'zod';
import * as customers from '../customers/customers.ts';
import { sentence } from '../segments/segments.ts';
import * as tags from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { FieldError, submit } from '../web/form.ts';
import { localPath } from '../web/local-path.ts';
import { readBefore } from '../web/pager.ts';
import * as bulk from './bulk.ts';
import { type WishForm, wishForm } from './input.ts';
import { askModel, listModel, oneModel } from './view.ts';

const PER_PAGE = 20;
// So long the question waits for the number of customers.
const PATIENCE = 3000;

/**
 * Does one thing to the ticked customers, or to all that match (P-09). All that match, and what is not understood, is asked about once
 * more on a page of its own.
 */
export async function create(ctx: CompanyContext): Promise<void> {
  const wish = wishForm.parse(ctx.req.body ?? {});
  const back = backOf(wish);
  if (wish.scope === 'ticked' && wish.ids.length === 0) {
    return ctx.redirect(back, { kind: 'error', text: ctx.t('bulk.ask.nobody') });
  }
  if ((wish.scope === 'all' || wish.what === 'delete') && !wish.sure) return ask(ctx, wish, null);
  const schema = wish.what === 'delete' ? noTag : tags.tagField;
  const outcome = await submit(ctx, schema, ({ tag }) => start(ctx, wish, tag));
  if ('errors' in outcome) return ask(ctx, wish, outcome.errors.tag ?? null);
  const { id, changed, name } = outcome.saved;
  if (changed === null) return ctx.redirect(`/bulk/${id}`);
  const text = ctx.t(`bulk.told.${wish.what}`, { count: changed, name });
  ctx.redirect(back, { kind: 'done', text, link: { path: `/bulk/${id}`, text: ctx.t('bulk.told.more') } });
}

const noTag = z.object({ tag: z.string().catch('') });

const backOf = ({ back }: WishForm) => (/^\/customers(\?|$)/.test(localPath(back)) ? localPath(back) : '/customers');

async function start(ctx: CompanyContext, wish: WishForm, tag: string): Promise<bulk.Asked> {
  const userId = ctx.member.user.id;
  const whom = wish.scope === 'all' ? { filter: wish.filter } : { ids: wish.ids };
  return ctx.services.tenancy.inCompany(ctx.company, async (db) => {
    const asked = await bulk.request(db, { userId, action: wish.what, tag, whom, now: ctx.now }).catch(refused);
    if (!asked) throw new FieldError('tag', 'bulk.ask.tooMany');
    return asked;
  });
}

function refused(error: unknown): never {
  if (error instanceof customers.NoSegment) throw new FieldError('tag', 'bulk.ask.noSegment');
  throw error;
}

/** Once more: to whom, and what. */
async function ask(ctx: CompanyContext, wish: WishForm, error: string | null): Promise<void> {
  const loaded = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const dictionary = await tags.dictionary(db);
    if (wish.scope === 'ticked') return { dictionary, count: wish.ids.length, filter: null };
    const { state } = customers.parseListState(new URLSearchParams(wish.filter), ctx.company);
    return { dictionary, count: await customers.count(db, state, ctx.now, PATIENCE), filter: state };
  });
  const names = new Map(loaded.dictionary.map(({ id, name }) => [id, name]));
  const who = loaded.filter && said(ctx, loaded.filter, names);
  await ctx.render('bulk/ask', askModel(ctx, { ...loaded, wish, who, back: backOf(wish), error }), error ? 422 : 200);
}

/** The whole filter in words: its segment, its conditions, what is searched for. */
export function said(ctx: CompanyContext, state: customers.ListState, names: ReadonlyMap<string, string>): string {
  const { t, company } = ctx;
  const words = { ...ctx, tags: names };
  const conditions = [...(state.segment.filter ?? []), ...state.where];
  const parts = conditions.length > 0 || state.q === '' ? [sentence(conditions, words, company)] : [];
  return [...parts, ...(state.q === '' ? [] : [t('bulk.searched', { q: state.q })])].join(', ');
}

/** What was done in bulk until now, newest first. */
export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const page = await ctx.services.tenancy.reading(ctx.company, (db) => bulk.list(db, PER_PAGE, before));
  await ctx.render('bulk/list', listModel(ctx, page, before));
}

/** How far it is, what it changed, and the way to stop it or take it back. */
export async function show(ctx: CompanyContext): Promise<void> {
  const found = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const row = await bulk.find(db, String(ctx.req.params.id));
    return row && { row, names: await tags.names(db) };
  });
  if (!found) return ctx.notFound();
  const { row, names } = found;
  const { state } = customers.parseListState(new URLSearchParams(row.filter), ctx.company);
  await ctx.render('bulk/show', oneModel(ctx, row, row.ticked === null ? said(ctx, state, names) : null));
}

export async function cancel(ctx: CompanyContext): Promise<void> {
  const id = await found(ctx);
  if (!id) return ctx.notFound();
  const done = await ctx.services.tenancy.inCompany(ctx.company, (db) => bulk.cancel(db, id, ctx.member.user.id));
  ctx.redirect(`/bulk/${id}`, message(ctx, done, 'cancelled'));
}

export async function undo(ctx: CompanyContext): Promise<void> {
  const id = await found(ctx);
  if (!id) return ctx.notFound();
  const begun = await ctx.services.tenancy.inCompany(ctx.company, (db) =>
    bulk.undo(db, id, ctx.member.user.id, ctx.now),
  );
  ctx.redirect(`/bulk/${id}`, message(ctx, begun !== null, begun?.done ? 'undone' : 'undoing'));
}

const message = ({ t }: CompanyContext, done: boolean, key: 'cancelled' | 'undone' | 'undoing') =>
  done
    ? ({ kind: 'done', text: t(`bulk.told.${key}`) } as const)
    : ({ kind: 'error', text: t('bulk.told.tooLate') } as const);

async function found({ services, company, req }: CompanyContext): Promise<string | null> {
  const row = await services.tenancy.reading(company, (db) => bulk.find(db, String(req.params.id)));
  return row?.id ?? null;
}
