import * as tags from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError, nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { template } from '../../web/templates.ts';
import { segmentCounts } from '../counts/counts.ts';
import { coverage } from '../counts/coverage.ts';
import { direction, segmentForm } from './input.ts';
import * as saved from './saved.ts';
import { nameOf, type Segment, type Shelf, shelf } from './shelf.ts';
import { countModel, coverageModel, editModel, listModel } from './view.ts';

// So long the page waits for all numbers together, and then for what overlaps; who asks for them, waits longer.
const SHORT = 200;
const LONG = 20_000;

/** Every segment with its number, now, and what it means in plain words. */
export async function list(ctx: CompanyContext): Promise<void> {
  const patience = ctx.req.query.count === 'wait' ? LONG : SHORT;
  const loaded = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const { live, deleted } = await shelf(db, ctx.now);
    return {
      ...{ live, deleted, tags: await tags.names(db) },
      counts: await segmentCounts(db, live, ctx.now, patience),
      coverage: await coverage(db, live, ctx.now, patience),
    };
  });
  await ctx.render('segments/list', listModel(ctx, loaded));
}

/** The number of one segment, for a page that did not wait for it. */
export async function count(ctx: CompanyContext): Promise<void> {
  const number = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const segment = find((await shelf(db, null)).live, ctx);
    return segment && (await segmentCounts(db, [segment], ctx.now, LONG));
  });
  if (!number) return ctx.notFound();
  const [counted = null] = number.values();
  // A tab is a link: no other one fits into it.
  if (ctx.req.query.as === 'text') {
    ctx.res.type('html').send(counted === null ? '…' : ctx.format.number(counted));
    return;
  }
  fragment(ctx, 'segments/count', countModel(ctx, counted));
}

/** What overlaps and what is left out, for a page that did not wait for it. */
export async function showCoverage(ctx: CompanyContext): Promise<void> {
  const found = await ctx.services.tenancy.reading(ctx.company, async (db) =>
    coverage(db, (await shelf(db, null)).live, ctx.now, LONG),
  );
  fragment(ctx, 'segments/coverage', coverageModel(ctx, found, true));
}

function fragment(ctx: CompanyContext, name: string, model: object): void {
  ctx.res.type('html').send(template(name)(model, { data: { t: ctx.t } }));
}

/** The link "Save" over the list of customers (P-33). */
export async function create(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const outcome = await submit(ctx, segmentForm(company), ({ name, filter }) =>
    services.tenancy.inCompany(company, (db) => saved.create(db, { name, filter, userId: member.user.id }, now)),
  );
  if ('errors' in outcome) return form(ctx, null, outcome);
  const text = t('segments.told.created', { name: String(ctx.req.body.name).trim() });
  ctx.redirect(`/customers?segment=${outcome.saved}`, { kind: 'done', text });
}

/** The name of a segment, and the way to its conditions. */
export async function show(ctx: CompanyContext): Promise<void> {
  const segment = find((await read(ctx)).live, ctx);
  return segment ? form(ctx, segment, nothingTyped) : ctx.notFound();
}

export async function save(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const segment = find((await read(ctx)).live, ctx);
  if (!segment) return ctx.notFound();
  let newer: Segment | null = null;
  const outcome = await submit(ctx, segmentForm(company), (data) =>
    services.tenancy
      .inCompany(company, (db) => saved.change(db, segment.key, { ...data, userId: member.user.id }, now))
      .catch((error: unknown) => {
        if (!(error instanceof saved.Changed)) throw error;
        newer = error.segment;
      }),
  );
  if ('errors' in outcome) return form(ctx, segment, outcome);
  if (newer) return form(ctx, newer, { values: typed(ctx), errors: {} }, true);
  ctx.redirect(`/customers?segment=${segment.key}`, { kind: 'done', text: t('web.form.saved') });
}

const typed = ({ req }: CompanyContext): Refusal['values'] => ({
  name: String(req.body.name),
  filter: String(req.body.filter),
});

/** `changed`: somebody else has saved it meanwhile. */
async function form(ctx: CompanyContext, segment: Segment | null, outcome: Refusal, changed = false): Promise<void> {
  const names = await ctx.services.tenancy.reading(ctx.company, tags.names);
  const wrong = changed || Object.keys(outcome.errors).length > 0;
  await ctx.render('segments/edit', editModel(ctx, segment, outcome, names, changed), wrong ? 422 : 200);
}

/** It can be restored on the same page. */
export async function remove(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const segment = await services.tenancy.inCompany(company, (db) => saved.remove(db, keyOf(ctx), member.user.id, now));
  if (!segment) return ctx.notFound();
  ctx.redirect('/segments', { kind: 'done', text: t('segments.told.deleted', { name: nameOf(segment, t) }) });
}

export async function restore(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const segment = await services.tenancy
    .inCompany(company, (db) => saved.restore(db, keyOf(ctx), member.user.id, now))
    .catch((error: unknown) => {
      if (error instanceof FieldError) return error;
      throw error;
    });
  if (!segment) return ctx.notFound();
  if (segment instanceof FieldError) return ctx.redirect('/segments', { kind: 'error', text: t(segment.message) });
  ctx.redirect('/segments', { kind: 'done', text: t('segments.told.restored', { name: nameOf(segment, t) }) });
}

export async function move(ctx: CompanyContext): Promise<void> {
  const parsed = direction.safeParse(ctx.req.body ?? {});
  const { services, company, now } = ctx;
  const towards = parsed.data?.towards ?? 'up';
  const moved = await services.tenancy.inCompany(company, (db) => saved.move(db, keyOf(ctx), towards, now));
  return moved ? ctx.redirect('/segments') : ctx.notFound();
}

const read = (ctx: CompanyContext): Promise<Shelf> =>
  ctx.services.tenancy.reading(ctx.company, (db) => shelf(db, null));

const keyOf = ({ req }: CompanyContext) => String(req.params.id);

/** All is fixed: it has nothing that could be changed (reading 16). */
const find = (segments: readonly Segment[], ctx: CompanyContext): Segment | null =>
  segments.find(({ key }) => key === keyOf(ctx) && key !== 'all') ?? null;
