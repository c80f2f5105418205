import { z } from 'zod';
import { findKey, listKeys, makeKey, revokeKey, SCOPES } from '../keys/keys.ts';
import type { Scope } from '../tenancy/tenancy.ts';
import type { CompanyContext } from '../web/context.ts';
import { line, type Refusal, submit } from '../web/form.ts';
import { explained, nothingTyped, sections } from './view.ts';

// One ticked box arrives as a text, several as a list.
const scopes = z
  .preprocess((given) => (given === undefined ? [] : [given].flat()), z.array(z.enum(SCOPES)))
  .refine((list) => list.length > 0, 'settings.keys.noScope');

export function list(ctx: CompanyContext): Promise<void> {
  return page(ctx, nothingTyped, ['ingest', 'read']);
}

/** The page that follows is the only one that ever shows the key. */
export async function make(ctx: CompanyContext): Promise<void> {
  const { req, services, company, member } = ctx;
  const outcome = await submit(ctx, z.object({ name: line(100), scopes }), (form) =>
    services.tenancy.inPortal(async (db) => {
      const wanted = { companyId: company.id, name: form.name, scopes: form.scopes, userId: member.user.id };
      return { ...(await makeKey(db, wanted)), name: form.name };
    }),
  );
  if ('errors' in outcome) return page(ctx, outcome, scopes.catch([]).parse(req.body.scopes));
  ctx.res.set('Cache-Control', 'no-store');
  await ctx.render('settings/key', { name: outcome.saved.name, key: outcome.saved.key }, 201);
}

export async function askRevocation(ctx: CompanyContext): Promise<void> {
  const key = await ctx.services.tenancy.inPortal((db) => findKey(db, ctx.company.id, idOf(ctx)));
  if (!key) return ctx.notFound();
  const model = {
    title: ctx.t('settings.keys.revokeTitle', { name: key.name }),
    text: ctx.t('settings.keys.revokeText'),
    action: `/settings/keys/${key.id}/revocation`,
    back: '/settings/keys',
    submit: ctx.t('settings.keys.revoke'),
    error: null,
  };
  await ctx.render('settings/revoke-key', model);
}

export async function revoke(ctx: CompanyContext): Promise<void> {
  const by = { userId: ctx.member.user.id, now: ctx.now };
  const done = await ctx.services.tenancy.inPortal((db) => revokeKey(db, ctx.company.id, idOf(ctx), by));
  if (!done) return ctx.notFound();
  ctx.redirect('/settings/keys', { kind: 'done', text: ctx.t('settings.keys.revoked') });
}

const idOf = (ctx: CompanyContext) => String(ctx.req.params.id);

const scopeKey = (scope: string, part: string) => `settings.scope.${scope}.${part}`;

async function page(ctx: CompanyContext, { values, errors }: Refusal, ticked: readonly Scope[]): Promise<void> {
  const { services, company, format, t } = ctx;
  const keys = await services.tenancy.inPortal((db) => listKeys(db, company.id));
  const model = {
    sections: sections(ctx),
    keys: keys.map(({ id, name, hint, scopes: held, created_at, last_used_at }) => ({
      id,
      name,
      hint,
      scopes: held.map((scope) => t(scopeKey(scope, 'name'))).join(', '),
      made: format.date(created_at),
      used: last_used_at ? format.relative(last_used_at) : t('settings.keys.never'),
    })),
    scopes: explained(t, scopeKey, SCOPES, undefined).map((choice) => ({
      ...choice,
      chosen: ticked.some((scope) => scope === choice.value),
    })),
    values,
    errors,
    example: `${services.config.publicUrl}/api/v1/companies/${company.slug}/orders`,
  };
  await ctx.render('settings/keys', model, Object.keys(errors).length > 0 ? 422 : 200);
}
