import { z } from 'zod';
import type { Scope } from '../tenancy/tenancy.ts';
import type { SignedInContext } from '../web/context.ts';
import { explained, line, nothingTyped, type Refusal, submit } from '../web/form.ts';
import { findKey, listKeys, makeKey, revokeKey, SCOPES } from './key.ts';
import type { KeysModel } from './view.ts';

/** Where keys are kept: in the settings of a company, or in the portal's own. */
export interface KeyPlace<Ctx extends SignedInContext> {
  /** of the list */
  readonly path: string;
  /** null: keys of the portal */
  companyId(ctx: Ctx): string | null;
  /** the company in the address of the example */
  slug(ctx: Ctx): string;
  show(ctx: Ctx, model: KeysModel, status: number): Promise<void>;
}

// One ticked box arrives as a text, several as a list.
const scopes = z
  .preprocess((given) => (given === undefined ? [] : [given].flat()), z.array(z.enum(SCOPES)))
  .refine((list) => list.length > 0, 'settings.keys.noScope');

const scopeKey = (scope: string, part: string) => `settings.scope.${scope}.${part}`;

const idOf = (ctx: SignedInContext) => String(ctx.req.params.id);

/** The handlers of one place. */
export function keyPages<Ctx extends SignedInContext>(place: KeyPlace<Ctx>) {
  return { list, make, askRevocation, revoke };

  function list(ctx: Ctx): Promise<void> {
    return page(ctx, nothingTyped, ['ingest', 'read']);
  }

  /** The page that follows is the only one that ever shows the key. */
  async function make(ctx: Ctx): Promise<void> {
    const { req, services, member, t } = ctx;
    const outcome = await submit(ctx, z.object({ name: line(100), scopes }), (form) =>
      services.tenancy.inPortal(async (db) => {
        const wanted = {
          companyId: place.companyId(ctx),
          name: form.name,
          scopes: form.scopes,
          userId: member.user.id,
        };
        return { ...(await makeKey(db, wanted)), name: form.name };
      }),
    );
    if ('errors' in outcome) return page(ctx, outcome, scopes.catch([]).parse(req.body.scopes));
    const { name, key } = outcome.saved;
    ctx.res.set('Cache-Control', 'no-store');
    await ctx.render('keys/made', { title: t('settings.key.title'), name, key, back: place.path }, 201);
  }

  async function askRevocation(ctx: Ctx): Promise<void> {
    const { services, t } = ctx;
    const key = await services.tenancy.inPortal((db) => findKey(db, place.companyId(ctx), idOf(ctx)));
    if (!key) return ctx.notFound();
    await ctx.render('keys/revocation', {
      title: t('settings.keys.revokeTitle', { name: key.name }),
      text: t('settings.keys.revokeText'),
      action: `${place.path}/${key.id}/revocation`,
      back: place.path,
      submit: t('settings.keys.revoke'),
      error: null,
    });
  }

  async function revoke(ctx: Ctx): Promise<void> {
    const by = { userId: ctx.member.user.id, now: ctx.now };
    const done = await ctx.services.tenancy.inPortal((db) => revokeKey(db, place.companyId(ctx), idOf(ctx), by));
    if (!done) return ctx.notFound();
    ctx.redirect(place.path, { kind: 'done', text: ctx.t('settings.keys.revoked') });
  }

  async function page(ctx: Ctx, { values, errors }: Refusal, ticked: readonly Scope[]): Promise<void> {
    const { services, format, t } = ctx;
    const keys = await services.tenancy.inPortal((db) => listKeys(db, place.companyId(ctx)));
    const model = {
      path: place.path,
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
      example: `${services.config.publicUrl}/api/v1/companies/${place.slug(ctx)}/orders`,
    };
    await place.show(ctx, model, Object.keys(errors).length > 0 ? 422 : 200);
  }
}
