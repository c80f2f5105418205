import { visit } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { undo } from './acts.ts';
import { CONFLICT, decide, foresee } from './decide.ts';
import * as decisions from './decisions/decisions.ts';
import { identityModel, listModel, undoingModel } from './decisions-view.ts';
import { faces } from './faces.ts';

const PER_PAGE = 20;
const MOST_OF_ONE = 100;

/** Who decided what about who is who, newest first. */
export async function showList(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const found = await ctx.services.tenancy.reading(ctx.company, (db) => decisions.list(db, PER_PAGE, before));
  await ctx.render('duplicates/decisions', listModel(ctx, found.steps, found.more, before !== null));
}

/** What taking back a decision would change. */
export async function showUndoing(ctx: CompanyContext): Promise<void> {
  const step = await standing(ctx);
  if (!step) return ctx.notFound();
  const effect = await foresee(ctx, undo(step.step_id, ctx.member.user.id), named(step));
  await ctx.render('duplicates/undoing', undoingModel(ctx, step, effect));
}

export async function postUndoing(ctx: CompanyContext): Promise<void> {
  const step = await standing(ctx);
  if (!step) return ctx.notFound();
  const outcome = await decide(ctx, undo(step.step_id, ctx.member.user.id), named(step));
  if (typeof outcome === 'string') return ctx.render('duplicates/undoing', undoingModel(ctx, step, outcome), 422);
  if ('changed' in outcome) {
    return ctx.render('duplicates/undoing', undoingModel(ctx, step, outcome.changed, true), CONFLICT);
  }
  ctx.redirect('/duplicates/decisions', { kind: 'done', text: ctx.t('duplicates.told.undone') });
}

/** The tab of a customer: who was merged into it, which contact came with whom, and what people decided about it. */
export async function showIdentity(ctx: CompanyContext): Promise<void> {
  const visited = await visit(ctx, 'identity', async (db, { id }) => ({
    face: (await faces(db, [id]))[0] ?? null,
    merged: await decisions.merged(db, id),
    steps: await decisions.ofCustomer(db, id, MOST_OF_ONE),
  }));
  if (visited)
    await ctx.render('duplicates/identity', identityModel(ctx, visited.customer, visited.header, visited.loaded));
}

/** null: there is none of that id here, or it holds no longer */
async function standing({ services, company, req }: CompanyContext): Promise<decisions.StepRow | null> {
  const step = await services.tenancy.reading(company, (db) => decisions.one(db, String(req.params.id)));
  return step && !step.undone_at ? step : null;
}

const named = ({ parts }: decisions.StepRow): string[] => [
  ...new Set(parts.flatMap(({ customerId, otherId }) => [customerId, otherId].filter((id) => id !== null))),
];
