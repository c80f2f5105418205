import * as audit from '../audit/audit.ts';
import { companyIdOfSlug } from '../companies/companies.ts';
import * as board from '../queue/board/board.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { addressOf, queueModel } from './queue-view.ts';

const PER_PAGE = 50;

/** What is done in the background: by kind, and one by one. */
export async function list(ctx: SignedInContext): Promise<void> {
  const before = readBefore(ctx);
  const typed = typedIn(ctx.req.query);
  const found = await ctx.services.tenancy.inPortal(async (db) => {
    const filter = await filterOf(db, typed);
    const { jobs, more } = filter ? await board.list(db, filter, PER_PAGE, before) : { jobs: [], more: false };
    return { names: await board.names(db), jobs, more, filter };
  });
  await ctx.render('admin/queue', queueModel(ctx, { ...found, typed, before }));
}

export async function retryAll(ctx: SignedInContext): Promise<void> {
  const { services, member, req, t } = ctx;
  const { state: _state, ...typed } = typedIn(req.body);
  const count = await services.tenancy.inPortal(async (db) => {
    const filter = await filterOf(db, typed);
    const jobs = filter ? await board.retry(db, filter) : 0;
    const subject = { jobs, filter: new URLSearchParams(typed).toString() };
    if (jobs > 0) await audit.write(db, { userId: member.user.id, action: 'job.retried', subject });
    return jobs;
  });
  ctx.redirect(addressOf(typed), { kind: 'done', text: t('admin.queue.retried', { count }) });
}

export async function retry(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const job = await find(ctx);
  if (!job) return ctx.notFound();
  const count = await services.tenancy.inPortal(async (db) => {
    const again = await board.retry(db, { id: job.id });
    const subject = { id: job.id, job: job.name };
    if (again > 0) await audit.write(db, { userId: member.user.id, action: 'job.retried', subject });
    return again;
  });
  const kind = count > 0 ? 'done' : 'error';
  ctx.redirect(addressOf({ name: job.name }), { kind, text: t('admin.queue.retried', { count }) });
}

export async function askCancellation(ctx: SignedInContext): Promise<void> {
  const { t } = ctx;
  const job = await find(ctx);
  if (!job) return ctx.notFound();
  await ctx.render('admin/cancel-job', {
    title: t('admin.queue.cancelTitle', { name: job.name }),
    text: t('admin.queue.cancelText'),
    action: `/admin/queue/${job.id}/cancellation`,
    back: addressOf({ name: job.name }),
    submit: t('admin.queue.cancel'),
    error: null,
  });
}

export async function cancel(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const job = await find(ctx);
  if (!job) return ctx.notFound();
  const done = await services.tenancy.inPortal(async (db) => {
    const cancelled = await board.cancel(db, job.id);
    const subject = { id: job.id, job: job.name };
    if (cancelled) await audit.write(db, { userId: member.user.id, action: 'job.cancelled', subject });
    return cancelled;
  });
  const text = t(done ? 'admin.queue.cancelledOne' : 'admin.queue.tooLate');
  ctx.redirect(addressOf({ name: job.name }), { kind: done ? 'done' : 'error', text });
}

const find = ({ services, req }: SignedInContext) =>
  services.tenancy.inPortal((db) => board.find(db, String(req.params.id)));

function typedIn(given: unknown): Record<string, string> {
  const { state, name, company } = (given ?? {}) as Record<string, unknown>;
  const texts = Object.entries({ state, name, company }).flatMap(([field, value]) => {
    const text = typeof value === 'string' ? value.trim().slice(0, 100) : '';
    return text === '' ? [] : [[field, text] as const];
  });
  return Object.fromEntries(texts);
}

/** null: there is no such company */
async function filterOf(
  db: PortalDb,
  { state, name, company }: Record<string, string>,
): Promise<board.JobFilter | null> {
  const companyId = company === undefined ? undefined : await companyIdOfSlug(db, company);
  if (companyId === null) return null;
  return { state: board.STATES.find((each) => each === state), name, companyId };
}
