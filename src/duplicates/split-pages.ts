import * as customers from '../customers/customers.ts';
import type { ContactKind } from '../identity/identity.ts';
import { isId } from '../kernel/id.ts';
import type { CompanyContext } from '../web/context.ts';
import { split } from './acts.ts';
import { CONFLICT, decide, foresee, many } from './decide.ts';
import * as decisions from './decisions/decisions.ts';
import * as duplicates from './duplicates.ts';
import { type Face, faces } from './faces.ts';
import { type Choice, splitModel } from './split-view.ts';

interface Found {
  face: Face;
  merged: decisions.MergedRow[];
}

/** What of a customer is somebody else's: an earlier merged customer, or ticked contacts; then what would come of it. */
export async function showSplit(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return;
  const choice = await read(ctx, found, ctx.req.query);
  const isChosen = choice.origin !== null || choice.keys.length > 0;
  const effect = isChosen ? await foresee(ctx, actOf(ctx, found, choice)) : null;
  await ctx.render('duplicates/split', splitModel(ctx, found, choice, effect));
}

export async function postSplit(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return;
  const choice = await read(ctx, found, ctx.req.body);
  const outcome = await decide(ctx, actOf(ctx, found, choice));
  if (typeof outcome === 'string') return ctx.render('duplicates/split', splitModel(ctx, found, choice, outcome), 422);
  if ('changed' in outcome) {
    return ctx.render('duplicates/split', splitModel(ctx, found, choice, outcome.changed, true), CONFLICT);
  }
  const text = ctx.t('duplicates.told.split');
  ctx.redirect(`/customers/${found.face.customer.id}/identity`, { kind: 'done', text });
}

/** null: it has been answered */
async function find(ctx: CompanyContext): Promise<Found | null> {
  const { services, company, req } = ctx;
  const found = await services.tenancy.reading(company, async (db) => {
    const customer = await customers.one(db, String(req.params.id));
    if (!customer || 'mergedInto' in customer) return customer;
    const [face] = await faces(db, [customer.id]);
    return face ? { face, merged: await decisions.merged(db, customer.id) } : null;
  });
  if (found && !('mergedInto' in found)) return found;
  if (found && req.method === 'GET') ctx.res.redirect(301, `/customers/${found.mergedInto}/split`);
  else await ctx.notFound();
  return null;
}

/** An earlier customer takes all that came with it; else what is ticked. */
async function read({ services, company }: CompanyContext, { face, merged }: Found, given: unknown): Promise<Choice> {
  const wanted = many(given, 'origin')[0] ?? '';
  if (isId(wanted) && merged.some(({ id }) => id === wanted)) {
    const { id } = face.customer;
    const keys = await services.tenancy.reading(company, (db) => duplicates.leavingWith(db, id, wanted));
    return { origin: wanted, keys };
  }
  // A ticked contact that is not there any more is not just left out: the person is told.
  return { origin: null, keys: [...new Set(many(given, 'contact'))] };
}

const actOf = ({ member }: CompanyContext, { face }: Found, { origin, keys }: Choice) =>
  split(face.customer.id, keys.map(contactOf), origin, member.user.id);

function contactOf(key: string): { kind: ContactKind; value: string } {
  const at = key.indexOf(' ');
  return { kind: key.slice(0, at) as ContactKind, value: key.slice(at + 1) };
}
