import { lock } from '../identity/identity.ts';
import { isId } from '../kernel/id.ts';
import type { CompanyContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { keepApart } from './acts.ts';
import * as decisions from './decisions/decisions.ts';
import * as duplicates from './duplicates.ts';
import { faces } from './faces.ts';
import { REASONS } from './sql.ts';
import { listModel } from './view.ts';

const PER_PAGE = 20;
const MOST_PROPOSALS = 5;

/** Customers that may be one, each pair with both sides and the reason. */
export async function showList(ctx: CompanyContext): Promise<void> {
  const { reason, later, step } = ctx.req.query;
  const question = {
    reason: REASONS.find((each) => each === reason) ?? null,
    later: later === '1',
    before: readBefore(ctx),
  };
  const loaded = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const [{ pairs, more }, counts, proposals, search, taken] = await Promise.all([
      duplicates.list(db, question, PER_PAGE),
      duplicates.counts(db),
      duplicates.proposals(db, MOST_PROPOSALS),
      duplicates.lastSearch(db),
      typeof step === 'string' && isId(step) ? decisions.one(db, step) : null,
    ]);
    const all = await faces(db, [...new Set(pairs.flatMap((pair) => [pair.customer_id, pair.other_id]))]);
    return {
      ...{ pairs, more, faces: new Map(all.map((face) => [face.customer.id, face])), counts, proposals, search },
      taken: taken && !taken.undone_at ? taken.step_id : null,
    };
  });
  await ctx.render('duplicates/list', listModel(ctx, question, loaded));
}

/** The two are not one: they are kept apart, which can be taken back. */
export async function dismiss(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const stepId = await services.tenancy.inCompany(company, async (db) => {
    await lock(db);
    const pair = await duplicates.one(db, String(ctx.req.params.id));
    if (!pair) return null;
    const { stepId } = await keepApart(pair.customer_id, pair.other_id, member.user.id)(db);
    await duplicates.dismiss(db, pair.id, member.user.id);
    return stepId;
  });
  if (!stepId) return ctx.notFound();
  ctx.redirect(`/duplicates?step=${stepId}`, { kind: 'done', text: t('duplicates.told.apart') });
}

/** Later: out of the way, under a filter of its own. */
export async function postpone(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const id = String(ctx.req.params.id);
  const done = await services.tenancy.inCompany(company, (db) => duplicates.postpone(db, id, member.user.id));
  if (!done) return ctx.notFound();
  ctx.redirect('/duplicates', { kind: 'done', text: t('duplicates.told.later') });
}

/** Looks through the company now instead of in the night. */
export async function search(ctx: CompanyContext): Promise<void> {
  await ctx.services.tenancy.inCompany(ctx.company, duplicates.askSearch);
  ctx.redirect('/duplicates', { kind: 'done', text: ctx.t('duplicates.told.searching') });
}
