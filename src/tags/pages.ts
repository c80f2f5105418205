import { isId } from '../kernel/id.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { CompanyContext } from '../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../web/form.ts';
import { tagForm } from './input.ts';
import * as sql from './sql.ts';
import * as tags from './tags.ts';
import { mergeModel, removalModel, tagModel, tagsModel } from './view.ts';

/** The one list of tags that customers and orders share (P-08, P-73, reading 22). */
export function list(ctx: CompanyContext): Promise<void> {
  return listPage(ctx, nothingTyped);
}

async function listPage(ctx: CompanyContext, typed: Refusal): Promise<void> {
  const rows = await ctx.services.tenancy.reading(ctx.company, (db) =>
    db.query<sql.CountedRow>(sql.counted(tags.MOST_TAGS)),
  );
  await ctx.render('tags/list', tagsModel(ctx, rows, typed), Object.keys(typed.errors).length > 0 ? 422 : 200);
}

export async function create(ctx: CompanyContext): Promise<void> {
  const outcome = await submit(ctx, tagForm, ({ name, colour }) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => tags.create(db, name, colour, ctx.member.user.id)),
  );
  if ('errors' in outcome) return listPage(ctx, outcome);
  ctx.redirect('/tags', { kind: 'done', text: ctx.t('tags.told.created') });
}

export async function show(ctx: CompanyContext): Promise<void> {
  const tag = await found(ctx);
  return tag ? ctx.render('tags/edit', tagModel(ctx, tag, nothingTyped)) : ctx.notFound();
}

export async function save(ctx: CompanyContext): Promise<void> {
  const tag = await found(ctx);
  if (!tag) return ctx.notFound();
  const outcome = await submit(ctx, tagForm, (data) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => tags.save(db, tag.id, data, ctx.member.user.id)),
  );
  if ('errors' in outcome) return ctx.render('tags/edit', tagModel(ctx, tag, outcome), 422);
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect('/tags', { kind: 'done', text: ctx.t('web.form.saved') });
}

/** First which tag it becomes, then what that means, then the button. */
export async function askMerge(ctx: CompanyContext): Promise<void> {
  const into = ctx.req.query.into;
  await mergePage(ctx, typeof into === 'string' ? into : '', null);
}

async function mergePage(ctx: CompanyContext, intoId: string, error: string | null): Promise<void> {
  const tag = await found(ctx);
  if (!tag) return ctx.notFound();
  const loaded = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const dictionary = await tags.dictionary(db);
    const into = dictionary.find(({ id }) => id === intoId && id !== tag.id);
    const chosen = into && { into, uses: await usesOf(db, tag.id, into.id), intoUses: await usesOf(db, into.id, null) };
    return { dictionary, chosen: chosen ?? null };
  });
  const wrong = error ?? (intoId !== '' && !loaded.chosen ? ctx.t('web.form.choose') : null);
  await ctx.render('tags/merge', mergeModel(ctx, tag, loaded.dictionary, loaded.chosen, wrong), wrong ? 422 : 200);
}

export async function merge(ctx: CompanyContext): Promise<void> {
  const body: Record<string, unknown> = ctx.req.body ?? {};
  const intoId = typeof body.into === 'string' && isId(body.into) ? body.into : '';
  const tag = await found(ctx);
  if (!tag) return ctx.notFound();
  if (intoId === '' || intoId === tag.id) return mergePage(ctx, '', ctx.t('web.form.choose'));
  const into = await ctx.services.tenancy.inCompany(ctx.company, async (db) => {
    const other = await tags.find(db, intoId);
    return other && (await tags.leave(db, tag, other, ctx.member.user.id)) ? other : null;
  });
  if (!into) return mergePage(ctx, intoId, ctx.t('tags.merge.other'));
  ctx.redirect('/tags', { kind: 'done', text: ctx.t('tags.told.merged', { from: tag.name, into: into.name }) });
}

export async function askRemoval(ctx: CompanyContext): Promise<void> {
  const tag = await found(ctx);
  if (!tag) return ctx.notFound();
  const uses = await ctx.services.tenancy.reading(ctx.company, (db) => usesOf(db, tag.id, null));
  await ctx.render('tags/removal', removalModel(ctx, tag, uses));
}

export async function remove(ctx: CompanyContext): Promise<void> {
  const tag = await found(ctx);
  if (!tag) return ctx.notFound();
  await ctx.services.tenancy.inCompany(ctx.company, (db) => tags.leave(db, tag, null, ctx.member.user.id));
  ctx.redirect('/tags', { kind: 'done', text: ctx.t('tags.told.removed', { name: tag.name }) });
}

const found = ({ services, company, req }: CompanyContext) =>
  services.tenancy.reading(company, (db) => tags.find(db, String(req.params.id)));

async function usesOf(db: CompanyReader, id: string, other: string | null): Promise<sql.UsesRow> {
  const [row] = await db.query<sql.UsesRow>(sql.uses(id, other));
  return row ?? { customers: 0n, orders: 0n, customers_both: 0n, orders_both: 0n };
}
