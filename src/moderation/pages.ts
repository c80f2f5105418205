import { log } from '../platform/log.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { SignedInContext } from '../web/context.ts';
import { nothingTyped, type Refusal, submit, typedValues } from '../web/form.ts';
import { readPaging } from '../web/pager.ts';
import { caseModel } from './case-view.ts';
import { figures } from './figures/figures.ts';
import { historyOf } from './history/history.ts';
import { verdict } from './input.ts';
import * as moderation from './moderation.ts';
import { ownModel } from './own-view.ts';
import { KINDS } from './sql.ts';
import { queueModel, queuePath, type Shown, STATES, zoneOf } from './view.ts';

export async function queue(ctx: SignedInContext): Promise<void> {
  const { services, now } = ctx;
  const [shown, paging, by] = [shownOf(ctx), readPaging(ctx), byOf(ctx)];
  const [queue, numbers] = await services.tenancy.readingPortal((db) =>
    Promise.all([moderation.list(db, { ...shown, ...by }, paging), figures(db, now, zoneOf(ctx))]),
  );
  await ctx.render('moderation/queue', queueModel(ctx, shown, paging, queue, numbers));
}

/** The oldest that nobody works on. */
export async function next(ctx: SignedInContext): Promise<void> {
  const { kind } = shownOf(ctx);
  const id = await inPortal(ctx, (db) => moderation.claimNext(db, kind, byOf(ctx)));
  if (id) return ctx.redirect(casePath(id, kind));
  ctx.redirect(queuePath({ state: 'waiting', kind }), { kind: 'done', text: ctx.t('moderation.told.nothingLeft') });
}

export function show(ctx: SignedInContext): Promise<void> {
  return page(ctx, nothingTyped, 200);
}

export async function claim(ctx: SignedInContext): Promise<void> {
  const claimed = await inPortal(ctx, (db) => moderation.claim(db, idOf(ctx), byOf(ctx)));
  if (claimed) return ctx.redirect(casePath(idOf(ctx), shownOf(ctx).kind));
  await page(ctx, nothingTyped, 409);
}

export async function release(ctx: SignedInContext): Promise<void> {
  const { kind } = shownOf(ctx);
  const released = await inPortal(ctx, (db) => moderation.release(db, idOf(ctx), ctx.member.user.id));
  if (!released) return page(ctx, nothingTyped, 409);
  ctx.redirect(queuePath({ state: 'waiting', kind }), { kind: 'done', text: ctx.t('moderation.told.released') });
}

/** Decides, and leads on to the next one; who was too late sees who decided, and keeps what was typed (P-88). */
export async function decide(ctx: SignedInContext): Promise<void> {
  const by = { ...byOf(ctx), publicUrl: ctx.services.config.publicUrl };
  const found = await inPortal(ctx, (db) => moderation.find(db, idOf(ctx), by.userId));
  if (!found) return ctx.notFound();
  if (!found.open) return page(ctx, typedOf(ctx), 409);
  const outcome = await submit(ctx, verdict(found.kind), (given) =>
    inPortal(ctx, (db) => moderation.decide(db, found.id, given, by)),
  );
  if ('errors' in outcome) {
    // Who is corrected goes on working on it.
    await inPortal(ctx, (db) => moderation.claim(db, found.id, by));
    return page(ctx, outcome, 422);
  }
  const { saved } = outcome;
  if (saved.outcome === 'missing') return ctx.notFound();
  if (saved.outcome !== 'decided') return page(ctx, typedOf(ctx), 409);
  log.info({ case: found.id, by: by.userId }, 'a moderator decided');
  await goOn(ctx, String(typedOf(ctx).values.decision));
}

async function goOn(ctx: SignedInContext, decision: string): Promise<void> {
  const { kind } = shownOf(ctx);
  const message = { kind: 'done', text: ctx.t(`moderation.told.${decision}`) } as const;
  const id = await inPortal(ctx, (db) => moderation.claimNext(db, kind, byOf(ctx)));
  ctx.redirect(id ? casePath(id, kind) : queuePath({ state: 'waiting', kind }), message);
}

async function page(ctx: SignedInContext, typed: Refusal, status: number): Promise<void> {
  const { kind } = shownOf(ctx);
  const by = byOf(ctx);
  const given = await inPortal(ctx, async (db) => {
    const found = await moderation.find(db, idOf(ctx), by.userId);
    if (!found) return null;
    const place = await moderation.place(db, found.id, { state: 'waiting', kind, ...by });
    return { found, place, history: found.own ? null : await historyOf(db, found, by.userId) };
  });
  if (!given) return ctx.notFound();
  const { found, place, history } = given;
  if (history === null) return ctx.render('moderation/own', ownModel(ctx, found, place, kind), status);
  const model = caseModel(ctx, { found, place, history, kind, typed, late: status === 409 });
  await ctx.render('moderation/case', model, status);
}

const inPortal = <T>({ services }: SignedInContext, work: (db: PortalDb) => Promise<T>) =>
  services.tenancy.inPortal(work);

const idOf = ({ req }: SignedInContext) => String(req.params.id);

const byOf = ({ member, now }: SignedInContext) => ({ userId: member.user.id, now });

const typedOf = ({ req }: SignedInContext): Refusal => ({ values: typedValues(req.body), errors: {} });

/** The filter, from the address or from the form that came from there; what is not understood counts as not given. */
function shownOf({ req }: SignedInContext): Shown {
  const typed = typedValues(req.body);
  const state = STATES.find((each) => each === req.query.state) ?? 'waiting';
  return { state, kind: KINDS.find((each) => each === (typed.kind ?? req.query.kind)) ?? null };
}

const casePath = (id: string, kind: Shown['kind']) => `/moderation/${id}${kind ? `?kind=${kind}` : ''}`;
