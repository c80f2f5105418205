import { z } from 'zod';
import {
  changeRole,
  emailInput,
  findMember,
  invite as inviteByLetter,
  isOnlyOf,
  listInvitations,
  listMembers,
  type MemberRow,
  ROLES,
  removeMember,
  revokeInvitation,
  roleInput,
} from '../auth/auth.ts';
import type { Limit } from '../platform/limiter.ts';
import type { CompanyContext } from '../web/context.ts';
import { explained, FieldError, nothingTyped, type Refusal, submit } from '../web/form.ts';
import { roleKey, sections } from './view.ts';

const HOUR = 3600;
// More than any company hires in an hour, less than a spammer wants.
const LETTERS: Limit = { name: 'invitations', points: 50, seconds: HOUR };

export function list(ctx: CompanyContext): Promise<void> {
  return page(ctx, nothingTyped);
}

export async function invite(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const outcome = await submit(ctx, z.object({ email: emailInput, role: roleInput }), async ({ email, role }) => {
    if ((await services.limiter.take(LETTERS, company.id)) > 0) throw new FieldError('email', 'settings.users.enough');
    const { publicUrl } = services.config;
    await services.tenancy.inCompany(company, (db) =>
      inviteByLetter(db, { email, role, user: member.user, now, publicUrl }),
    );
    return email;
  });
  if ('errors' in outcome) return page(ctx, outcome);
  ctx.redirect('/settings/users', { kind: 'done', text: t('settings.users.invited', { email: outcome.saved }) });
}

export async function withdraw(ctx: CompanyContext): Promise<void> {
  const by = { userId: ctx.member.user.id, now: ctx.now };
  const done = await ctx.services.tenancy.inCompany(ctx.company, (db) => revokeInvitation(db, idOf(ctx), by));
  if (!done) return ctx.notFound();
  ctx.redirect('/settings/users', { kind: 'done', text: ctx.t('settings.users.withdrawn') });
}

export async function show(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  return found ? userPage(ctx, found, nothingTyped) : ctx.notFound();
}

export async function saveRole(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return ctx.notFound();
  const outcome = await submit(ctx, z.object({ role: roleInput }), ({ role }) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => changeRole(db, found.id, role, ctx.member.user.id)),
  );
  if ('errors' in outcome) return userPage(ctx, found, outcome);
  ctx.redirect('/settings/users', { kind: 'done', text: ctx.t('web.form.saved') });
}

export async function askRemoval(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  return found ? removalPage(ctx, found, null) : ctx.notFound();
}

export async function remove(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return ctx.notFound();
  const { services, company, member, t } = ctx;
  const outcome = await submit(ctx, z.object({}), () =>
    services.tenancy.inCompany(company, (db) => removeMember(db, found.id, member.user.id)),
  );
  if ('errors' in outcome) return removalPage(ctx, found, outcome.errors.role ?? null);
  ctx.redirect('/settings/users', { kind: 'done', text: t('settings.users.removed', { name: found.name }) });
}

const idOf = (ctx: CompanyContext) => String(ctx.req.params.id);

const find = (ctx: CompanyContext) => ctx.services.tenancy.inCompany(ctx.company, (db) => findMember(db, idOf(ctx)));

async function page(ctx: CompanyContext, { values, errors }: Refusal): Promise<void> {
  const { services, company, member, format, now, t } = ctx;
  const { members, invitations } = await services.tenancy.inCompany(company, async (db) => ({
    members: await listMembers(db),
    invitations: await listInvitations(db, now),
  }));
  const model = {
    sections: sections(ctx),
    members: members.map(({ id, name, email, role, created_at, second_factor }) => ({
      id,
      name,
      email,
      role: t(`auth.role.${role}.name`),
      since: format.date(created_at),
      you: id === member.user.id,
      factor: second_factor,
    })),
    factorWanted: member.membership?.wantsSecondFactor ?? false,
    invitations: invitations.map(({ id, email, role, expires_at }) => ({
      id,
      email,
      role: t(`auth.role.${role}.name`),
      until: format.date(expires_at),
    })),
    roles: explained(t, roleKey, ROLES, values.role ?? 'manager'),
    values,
    errors,
  };
  await ctx.render('settings/users', model, Object.keys(errors).length > 0 ? 422 : 200);
}

async function userPage(
  ctx: CompanyContext,
  { id, name, email, role, second_factor: factor }: MemberRow,
  { values, errors }: Refusal,
): Promise<void> {
  const { services, company, member, t } = ctx;
  const roles = explained(t, roleKey, ROLES, values.role ?? role);
  const own = await services.tenancy.inPortal((db) => isOnlyOf(db, id, company.id));
  const why = !factor ? 'off' : id === member.user.id ? 'yours' : own ? 'on' : 'elsewhere';
  const model = { factor, factorText: t(`settings.secondFactor.state.${why}`), canRemoveFactor: why === 'on' };
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  await ctx.render('settings/user', { title: name, id, email, roles, errors, ...model }, status);
}

function removalPage(
  { render, company, t }: CompanyContext,
  { id, name }: MemberRow,
  error: string | null,
): Promise<void> {
  const model = {
    title: t('settings.users.removeTitle', { name }),
    text: t('settings.users.removeText', { name, company: company.name }),
    action: `/settings/users/${id}/removal`,
    back: '/settings/users',
    submit: t('settings.users.remove'),
    error,
  };
  return render('settings/remove-user', model, error ? 422 : 200);
}
