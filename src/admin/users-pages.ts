import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  addMember,
  askForReset,
  changeRights,
  createUser,
  emailInput,
  findUser,
  listSignIns,
  listUsers,
  ROLES,
  roleInput,
  secondFactorOf,
  type UserRow,
} from '../auth/auth.ts';
import { companyIdOfSlug, listCompanies } from '../companies/companies.ts';
import { LOCALES } from '../platform/i18n.ts';
import type { SignedInContext } from '../web/context.ts';
import { choices, FieldError, line, oneOf, type Refusal, submit, ticked } from '../web/form.ts';
import { MOST_ROWS, sought, statusOf } from './view.ts';

const newUser = z.object({
  email: emailInput,
  name: line(200),
  locale: oneOf(LOCALES),
  company: z.string().trim().default(''),
  role: roleInput,
  moderator: ticked,
  admin: ticked,
});

const rights = z.object({ moderator: ticked, admin: ticked, disabled: ticked });

export async function list(ctx: SignedInContext): Promise<void> {
  const { req, services, t } = ctx;
  const q = sought(req.query.q);
  const found = await services.tenancy.inPortal((db) => listUsers(db, q, MOST_ROWS));
  const users = found.map(({ id, name, email, companies, moderator, admin, disabled_at }) => ({
    id,
    name,
    email,
    companies: companies.map((company) => `${company.name} · ${t(`auth.role.${company.role}.name`)}`).join(', '),
    rights: [admin && t('admin.right.admin'), moderator && t('admin.right.moderator')].filter(Boolean).join(', '),
    disabled: disabled_at !== null,
  }));
  await ctx.render('admin/users', { q, users });
}

export function showNew(ctx: SignedInContext): Promise<void> {
  return newPage(ctx, { values: { locale: 'uk', role: 'owner' }, errors: {} });
}

/** The person chooses the password: a letter brings the link. */
export async function create(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const by = member.user.id;
  const outcome = await submit(ctx, newUser, ({ company, role, ...user }) =>
    services.tenancy.inPortal(async (db) => {
      const companyId = company === '' ? null : await companyIdOfSlug(db, company);
      if (company !== '' && !companyId) throw new FieldError('company', 'admin.users.noCompany');
      const userId = await createUser(db, { ...user, password: randomBytes(32).toString('base64url') }, by);
      if (companyId) await addMember(db, { companyId, userId, role }, by);
      await askForReset(db, user.email);
      return user.email;
    }),
  );
  if ('errors' in outcome) return newPage(ctx, outcome);
  ctx.redirect('/admin/users', { kind: 'done', text: t('admin.users.created', { email: outcome.saved }) });
}

export async function show(ctx: SignedInContext): Promise<void> {
  const user = await find(ctx);
  if (!user) return ctx.notFound();
  const { moderator, admin, disabled_at } = user;
  await userPage(ctx, user, { moderator, admin, disabled: disabled_at !== null }, {});
}

export async function save(ctx: SignedInContext): Promise<void> {
  const { req, services, member, now, t } = ctx;
  const user = await find(ctx);
  if (!user) return ctx.notFound();
  const outcome = await submit(ctx, rights, (wanted) =>
    services.tenancy.inPortal((db) => changeRights(db, user, wanted, { userId: member.user.id, now })),
  );
  if ('errors' in outcome) return userPage(ctx, user, rights.parse(req.body), outcome.errors);
  ctx.redirect('/admin/users', { kind: 'done', text: t('web.form.saved') });
}

const find = ({ req, services }: SignedInContext) =>
  services.tenancy.inPortal((db) => findUser(db, String(req.params.id)));

async function newPage(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const companies = await ctx.services.tenancy.inPortal((db) => listCompanies(db));
  const model = {
    values,
    errors,
    locales: choices(LOCALES, values.locale, (code) => ctx.t(`auth.locale.${code}`)),
    roles: choices(ROLES, values.role, (role) => ctx.t(`auth.role.${role}.name`)),
    companies: companies.map(({ slug }) => slug),
    moderator: values.moderator === 'on',
    admin: values.admin === 'on',
  };
  await ctx.render('admin/new-user', model, statusOf(errors));
}

async function userPage(
  { services, member, now, t, format, render }: SignedInContext,
  { id, name, email }: UserRow,
  held: z.output<typeof rights>,
  errors: Record<string, string>,
): Promise<void> {
  const { factor, signIns } = await services.tenancy.inPortal(async (db) => ({
    factor: await secondFactorOf(db, id),
    signIns: await listSignIns(db, id, now),
  }));
  const model = {
    factor: factor && t('auth.secondFactor.since', { day: format.date(factor.since) }),
    you: id === member.user.id,
    sessions: t('admin.signIns.count', { count: signIns.length }),
  };
  await render('admin/user', { title: name, id, email, ...held, ...model, errors }, statusOf(errors));
}
