import {
  type CompanyRow,
  changeCompany,
  companyChange,
  createCompany,
  findCompany,
  listCompanies,
  newCompany,
} from '../companies/companies.ts';
import { LOCALES } from '../platform/i18n.ts';
import type { SignedInContext } from '../web/context.ts';
import { choices, type Refusal, submit } from '../web/form.ts';
import { MOST_ROWS, sought, statusOf } from './view.ts';

const PLANS = ['paid', 'free'] as const;

export async function list(ctx: SignedInContext): Promise<void> {
  const { req, services, format, t } = ctx;
  const q = sought(req.query.q);
  const found = await services.tenancy.readingPortal((db) => listCompanies(db, q, MOST_ROWS));
  const companies = found.map(({ id, name, slug, country, currency, members, created_at, plan }) => ({
    id,
    name,
    slug,
    country,
    currency,
    members: format.number(members),
    made: format.date(created_at),
    paid: plan === 'paid',
    plan: t(`admin.plan.${plan}`),
  }));
  await ctx.render('admin/companies', { q, companies });
}

export function showNew(ctx: SignedInContext): Promise<void> {
  const values = { country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv', locale: 'uk', plan: 'paid' };
  return newPage(ctx, { values, errors: {} });
}

export async function create(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const outcome = await submit(ctx, newCompany, async (input) => {
    await services.tenancy.inPortal((db) => createCompany(db, input, member.user.id));
    return input.name;
  });
  if ('errors' in outcome) return newPage(ctx, outcome);
  ctx.redirect('/admin/companies', { kind: 'done', text: t('admin.companies.created', { name: outcome.saved }) });
}

export async function show(ctx: SignedInContext): Promise<void> {
  const company = await find(ctx);
  if (!company) return ctx.notFound();
  await companyPage(ctx, company, { values: { name: company.name, plan: company.plan }, errors: {} });
}

export async function save(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const company = await find(ctx);
  if (!company) return ctx.notFound();
  const outcome = await submit(ctx, companyChange, (change) =>
    services.tenancy.inPortal((db) => changeCompany(db, company.id, change, member.user.id)),
  );
  if ('errors' in outcome) return companyPage(ctx, company, outcome);
  ctx.redirect('/admin/companies', { kind: 'done', text: t('web.form.saved') });
}

const find = ({ req, services }: SignedInContext) =>
  services.tenancy.inPortal((db) => findCompany(db, String(req.params.id)));

const plans = ({ t }: SignedInContext, plan: string | undefined) =>
  choices(PLANS, plan, (each) => t(`admin.plan.${each}`));

function newPage(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const model = {
    values,
    errors,
    zones: Intl.supportedValuesOf('timeZone'),
    locales: choices(LOCALES, values.locale, (code) => ctx.t(`auth.locale.${code}`)),
    plans: plans(ctx, values.plan),
  };
  return ctx.render('admin/new-company', model, statusOf(errors));
}

function companyPage(ctx: SignedInContext, company: CompanyRow, { values, errors }: Refusal): Promise<void> {
  const { id, name, slug, country, currency, timezone } = company;
  const model = { title: name, id, slug, country, currency, timezone, values, errors, plans: plans(ctx, values.plan) };
  return ctx.render('admin/company', model, statusOf(errors));
}
