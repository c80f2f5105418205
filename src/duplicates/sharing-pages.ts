import type { ContactKind } from '../identity/identity.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { CompanyContext } from '../web/context.ts';
import { share, unshare } from './acts.ts';
import { CONFLICT, decide, foresee, many } from './decide.ts';
import * as duplicates from './duplicates.ts';
import { sharingModel } from './sharing-view.ts';

const MOST = 100;

/** Contacts of many people: those that are marked, those that are proposed, and what marking or unmarking one would change. */
export async function showSharing(ctx: CompanyContext): Promise<void> {
  const contact = ctx.may('customers:write') ? await named(ctx, ctx.req.query) : null;
  const effect = contact && (await foresee(ctx, actOf(ctx, contact), [contact.customer_id]));
  const lists = await ctx.services.tenancy.reading(ctx.company, (db) => shelf(db));
  await ctx.render('duplicates/sharing', sharingModel(ctx, lists, contact, effect));
}

export async function postSharing(ctx: CompanyContext): Promise<void> {
  const { t, services, company, req } = ctx;
  const contact = await named(ctx, req.body);
  // The form says which way it goes: two who press the same button do not turn it back and forth.
  const wanted = many(req.body, 'as')[0] === 'shared';
  const isStale = contact?.shared === wanted;
  const outcome =
    !contact || isStale ? t('duplicates.problem.gone') : await decide(ctx, actOf(ctx, contact), [contact.customer_id]);
  if (typeof outcome === 'string' || 'changed' in outcome) {
    const lists = await services.tenancy.reading(company, (db) => shelf(db));
    const [effect, status] = typeof outcome === 'string' ? [outcome, 422] : [outcome.changed, CONFLICT];
    return ctx.render('duplicates/sharing', sharingModel(ctx, lists, contact, effect, true), status);
  }
  const text = t(wanted ? 'duplicates.told.shared' : 'duplicates.told.unshared');
  ctx.redirect('/duplicates/sharing', { kind: 'done', text });
}

/** It is one person's after all: not proposed again. */
export async function dismissProposal(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const id = String(ctx.req.params.id);
  const done = await services.tenancy.inCompany(company, (db) => duplicates.dismissProposal(db, id, member.user.id));
  if (!done) return ctx.notFound();
  ctx.redirect('/duplicates/sharing', { kind: 'done', text: t('duplicates.told.oneOwner') });
}

/** null: no contact is named, or none that is known here */
async function named({ services, company }: CompanyContext, given: unknown): Promise<duplicates.NamedContact | null> {
  const [kind = '', value = ''] = [many(given, 'kind')[0], many(given, 'value')[0]];
  if (!isKind(kind) || value.length > 500) return null;
  return services.tenancy.reading(company, (db) => duplicates.contact(db, kind, value));
}

const isKind = (text: string): text is ContactKind => text === 'account' || text === 'phone' || text === 'email';

const actOf = ({ member }: CompanyContext, contact: duplicates.NamedContact) =>
  contact.shared ? unshare(contact, member.user.id) : share(contact, member.user.id);

const shelf = async (db: CompanyReader) => ({
  proposals: await duplicates.proposals(db, MOST),
  shared: await duplicates.shared(db, MOST),
});
