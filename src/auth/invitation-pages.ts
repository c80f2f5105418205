import { z } from 'zod';
import type { Context, SignedInContext } from '../web/context.ts';
import { line, submit } from '../web/form.ts';
import { accept as acceptInvitation, type FoundInvitation, findInvitation } from './invitations.ts';
import { letIn } from './login.ts';
import { newPassword, refuseGuessable } from './password.ts';
import type { LoginRow } from './sql.ts';
import { createUser, findUser, findUserByEmail } from './users.ts';
import type { JoinModel } from './view.ts';

/** What the link finds: an invitation, and the account of the person it was sent to, if there is one. */
interface Found {
  invitation: FoundInvitation;
  account: LoginRow | null;
}

export async function show(ctx: Context): Promise<void> {
  const found = await find(ctx);
  if (!found) return deadLink(ctx);
  const model = joinModel(ctx, found.invitation);
  if (ctx.member) return ctx.render('auth/join', model);
  if (found.account) return ctx.render('auth/join-sign-in', model);
  await ctx.render('auth/join-new', { ...model, values: {}, errors: {} });
}

export async function accept(ctx: Context): Promise<void> {
  const found = await find(ctx);
  if (!found) return deadLink(ctx);
  if (ctx.member) return join(ctx as SignedInContext);
  if (found.account) return ctx.redirect(`/login?${new URLSearchParams({ next: ctx.req.path })}`);
  await joinNew(ctx, found.invitation);
}

async function join(ctx: SignedInContext): Promise<void> {
  const { services, member, now } = ctx;
  const joined = await services.tenancy.inPortal(async (db) => {
    const invitation = await findInvitation(db, tokenOf(ctx), now);
    if (invitation) await acceptInvitation(db, invitation, member.user.id, now);
    return invitation;
  });
  return joined ? enter(ctx, joined) : deadLink(ctx);
}

const newcomer = z.object({ name: line(200), password: newPassword });

async function joinNew(ctx: Context, { email, company_name }: FoundInvitation): Promise<void> {
  const { services, locale, now } = ctx;
  const outcome = await submit(ctx, newcomer, (form) => {
    refuseGuessable(form.password, [form.name, email, company_name]);
    return services.tenancy.inPortal(async (db) => {
      const invitation = await findInvitation(db, tokenOf(ctx), now);
      if (!invitation) return null;
      const user = { ...form, email, locale, moderator: false, admin: false };
      const id = await createUser(db, user, null);
      await acceptInvitation(db, invitation, id, now);
      return { invitation, user: await findUser(db, id) };
    });
  });
  if ('errors' in outcome) {
    const found = await find(ctx);
    if (!found) return deadLink(ctx);
    return ctx.render('auth/join-new', { ...joinModel(ctx, found.invitation), ...outcome }, 422);
  }
  if (!outcome.saved?.user) return deadLink(ctx);
  await letIn(ctx, outcome.saved.user);
  enter(ctx, outcome.saved.invitation);
}

function enter(ctx: Context, { company_id, company_name }: FoundInvitation): void {
  ctx.req.session.companyId = company_id;
  ctx.redirect('/', { kind: 'done', text: ctx.t('auth.invitation.done', { company: company_name }) });
}

function find(ctx: Context): Promise<Found | null> {
  return ctx.services.tenancy.inPortal(async (db) => {
    const invitation = await findInvitation(db, tokenOf(ctx), ctx.now);
    return invitation && { invitation, account: await findUserByEmail(db, invitation.email) };
  });
}

function joinModel(ctx: Context, { company_name, role, email }: FoundInvitation): JoinModel {
  const you = ctx.member?.user.email ?? null;
  return {
    token: tokenOf(ctx),
    company: company_name,
    role: ctx.t(`auth.role.${role}.name`),
    invited: email,
    you,
    stranger: you !== null && you !== email,
  };
}

function deadLink(ctx: Context): Promise<void> {
  return ctx.render('auth/dead-link', { text: ctx.t('auth.invitation.dead'), again: null }, 404);
}

const tokenOf = (ctx: Context) => String(ctx.req.params.token);
