import { z } from 'zod';
import { companyIdOfSlug, listCompanies } from '../companies/companies.ts';
import * as senders from '../senders/senders.ts';
import type { SignedInContext } from '../web/context.ts';
import { FieldError, line, nothingTyped, type Refusal, submit } from '../web/form.ts';
import { MOST_ROWS, statusOf } from './view.ts';

export const list = (ctx: SignedInContext): Promise<void> => listPage(ctx, nothingTyped);

export async function add(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const outcome = await submit(ctx, senders.newSender, (sender) =>
    services.tenancy.inPortal((db) => senders.addSender(db, sender, member.user.id)),
  );
  if ('errors' in outcome) return listPage(ctx, outcome);
  ctx.redirect(`/admin/senders/${outcome.saved}`, { kind: 'done', text: t('admin.senders.added') });
}

async function listPage(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const { services, t, format } = ctx;
  const rows = await services.tenancy.inPortal(senders.listSenders);
  const sender = services.config.twilio?.sender;
  const own = sender ? ('from' in sender ? sender.from : sender.messagingServiceSid) : null;
  await ctx.render(
    'admin/senders',
    {
      senders: rows.map(({ id, address, name, perSecond, companies }) => ({
        id,
        address,
        name,
        pace: format.number(perSecond),
        companies: t('admin.senders.companies', { count: companies, shown: format.number(companies) }),
      })),
      usual: own,
      values: { perSecond: '10', ...values },
      errors,
    },
    statusOf(errors),
  );
}

export const show = (ctx: SignedInContext): Promise<void> => onePage(ctx, nothingTyped);

export async function save(ctx: SignedInContext): Promise<void> {
  const sender = await found(ctx);
  if (!sender) return ctx.notFound();
  const outcome = await submit(ctx, senders.senderChange, (change) =>
    ctx.services.tenancy.inPortal((db) => senders.changeSender(db, sender.id, change, ctx.member.user.id)),
  );
  if ('errors' in outcome) return onePage(ctx, outcome);
  ctx.redirect(`/admin/senders/${sender.id}`, { kind: 'done', text: ctx.t('web.form.saved') });
}

export async function give(ctx: SignedInContext): Promise<void> {
  const sender = await found(ctx);
  if (!sender) return ctx.notFound();
  const outcome = await submit(ctx, z.object({ company: line(63) }), ({ company }) =>
    ctx.services.tenancy.inPortal(async (db) => {
      const companyId = await companyIdOfSlug(db, company);
      if (companyId === null) throw new FieldError('company', 'admin.senders.noCompany');
      if (!(await senders.giveSender(db, sender, companyId, ctx.member.user.id)))
        throw new FieldError('company', 'admin.senders.hasIt');
    }),
  );
  if ('errors' in outcome) return onePage(ctx, outcome);
  ctx.redirect(`/admin/senders/${sender.id}`, { kind: 'done', text: ctx.t('admin.senders.given') });
}

/** Refused while campaigns of that company leave from it. */
export async function take(ctx: SignedInContext): Promise<void> {
  const { services, req, member, t } = ctx;
  const sender = await found(ctx);
  const holders = sender && (await services.tenancy.inPortal((db) => senders.holdersOf(db, sender.id)));
  const holder = holders?.find(({ id }) => id === req.params.company);
  if (!sender || !holder) return ctx.notFound();
  const back = `/admin/senders/${sender.id}`;
  const campaigns = await campaignsOf(ctx, sender.address, [holder.id]);
  if (campaigns > 0) {
    const text = t('admin.senders.busyThere', { count: campaigns, name: holder.name });
    return ctx.redirect(back, { kind: 'error', text });
  }
  await services.tenancy.inPortal((db) => senders.takeSender(db, sender, holder.id, member.user.id));
  ctx.redirect(back, { kind: 'done', text: t('admin.senders.taken_away', { name: holder.name }) });
}

export async function askRemoval(ctx: SignedInContext): Promise<void> {
  const sender = await found(ctx);
  if (!sender) return ctx.notFound();
  await removalPage(ctx, sender, 200);
}

export async function remove(ctx: SignedInContext): Promise<void> {
  const sender = await found(ctx);
  if (!sender) return ctx.notFound();
  if ((await busy(ctx, sender)) > 0) return removalPage(ctx, sender, 422);
  await ctx.services.tenancy.inPortal((db) => senders.removeSender(db, sender, ctx.member.user.id));
  ctx.redirect('/admin/senders', { kind: 'done', text: ctx.t('admin.senders.removed', { address: sender.address }) });
}

type Sender = NonNullable<Awaited<ReturnType<typeof senders.findSender>>>;

async function removalPage(ctx: SignedInContext, sender: Sender, status: number): Promise<void> {
  const { t } = ctx;
  const [campaigns, holders] = await Promise.all([
    busy(ctx, sender),
    ctx.services.tenancy.inPortal((db) => senders.holdersOf(db, sender.id)),
  ]);
  await ctx.render(
    'admin/sender-removal',
    {
      title: t('admin.senders.removalTitle', { address: sender.address }),
      id: sender.id,
      holders: holders.map(({ name }) => name),
      busy: campaigns > 0 ? t('admin.senders.busy', { count: campaigns }) : null,
    },
    status,
  );
}

async function busy(ctx: SignedInContext, { id, address }: Sender): Promise<number> {
  const holders = await ctx.services.tenancy.inPortal((db) => senders.holdersOf(db, id));
  const ids = holders.map((holder) => holder.id);
  return campaignsOf(ctx, address, ids);
}

/** Launched campaigns that are not over, of those companies. */
async function campaignsOf({ services }: SignedInContext, address: string, ids: readonly string[]): Promise<number> {
  let count = 0;
  for (const companyId of ids) {
    const company = await services.tenancy.companyOfJob({ companyId });
    if (company) count += await services.tenancy.reading(company, (db) => senders.underWay(db, address));
  }
  return count;
}

async function onePage(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const { services, t } = ctx;
  const sender = await found(ctx);
  if (!sender) return ctx.notFound();
  const [holders, companies] = await services.tenancy.inPortal(
    async (db) => [await senders.holdersOf(db, sender.id), await listCompanies(db, '', MOST_ROWS)] as const,
  );
  const { id, address, name, perSecond } = sender;
  await ctx.render(
    'admin/sender',
    {
      title: name || address,
      id,
      address,
      values: { name, perSecond: String(perSecond), ...values },
      errors,
      holders: holders.map((holder) => ({
        ...holder,
        takeLabel: t('admin.senders.takeLabel', { name: holder.name }),
      })),
      companies: companies
        .filter((company) => !holders.some((holder) => holder.id === company.id))
        .map(({ slug }) => slug),
    },
    statusOf(errors),
  );
}

const found = ({ services, req }: SignedInContext) =>
  services.tenancy.inPortal((db) => senders.findSender(db, String(req.params.id)));
