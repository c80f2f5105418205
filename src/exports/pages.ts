import { z } from 'zod';
import { NoSegment } from '../customers/customers.ts';
import type { Company, Role } from '../tenancy/company.ts';
import type { CompanyContext, SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { refusal } from '../web/permissions.ts';
import { leadToSecondFactor, secondFactorDue } from '../web/second-factor-due.ts';
import { sendFile } from '../web/send-file.ts';
import * as exports from './exports.ts';
import { exportsModel, fileName, revocationModel } from './view.ts';

const PER_PAGE = 20;

export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const shelf = await ctx.services.tenancy.reading(ctx.company, (db) => exports.list(db, PER_PAGE, before));
  await ctx.render('exports/list', exportsModel(ctx, shelf, before));
}

const wish = z.object({
  format: z.enum(['xlsx', 'csv']).default('xlsx'),
  filter: z.string().max(20_000).default(''),
});

/** The button above the list of customers: exports what the list shows, all pages of it (P-92). */
export async function create(ctx: CompanyContext): Promise<void> {
  const { t, services, company, member, locale } = ctx;
  const parsed = wish.safeParse(ctx.req.body ?? {});
  if (!parsed.success) return ctx.redirect('/exports', { kind: 'error', text: t('exports.refused') });
  const wanted = { ...parsed.data, userId: member.user.id, locale };
  const id = await services.tenancy.inCompany(company, (db) => exports.request(db, wanted)).catch(noSegment);
  if (id === 'noSegment') return ctx.redirect('/customers', { kind: 'error', text: t('exports.segmentGone') });
  if (id) return ctx.redirect('/exports', { kind: 'done', text: t('exports.requested', { email: member.user.email }) });
  ctx.redirect('/exports', { kind: 'error', text: t('exports.tooMany', { count: exports.MOST_UNFINISHED }) });
}

/** Rather no file than one of everybody. */
function noSegment(error: unknown): 'noSegment' {
  if (error instanceof NoSegment) return 'noSegment';
  throw error;
}

export async function cancel(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const done = await exports.cancel(ctx.services, ctx.company, row.id, ctx.member.user.id);
  ctx.redirect('/exports', message(ctx, done ? 'cancelled' : 'tooLate', done));
}

export async function confirmRevocation(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (row?.state !== 'done') return ctx.notFound();
  await ctx.render('exports/revocation', revocationModel(ctx, row));
}

export async function revoke(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const done = await exports.revoke(ctx.services, ctx.company, row.id, ctx.member.user.id);
  ctx.redirect('/exports', message(ctx, done ? 'revoked' : 'tooLate', done));
}

function message({ t }: CompanyContext, key: 'cancelled' | 'revoked' | 'tooLate', done: boolean) {
  return { kind: done ? 'done' : 'error', text: t(`exports.told.${key}`) } as const;
}

function found({ services, company, req }: CompanyContext): Promise<exports.ExportRow | null> {
  return services.tenancy.inCompany(company, (db) => exports.find(db, String(req.params.id)));
}

/** From the page of exports: a file of the company one is in. */
export const download = (ctx: CompanyContext): Promise<void> => send(ctx, ctx.company, ctx.role);

/**
 * From the letter (P-93), which names its company: who belongs to several takes the file whichever of them the session is in.
 * To anybody who may not export there it is not there.
 */
export async function downloadFromLetter(ctx: SignedInContext): Promise<void> {
  const companyId = String(ctx.req.params.company);
  const there = await ctx.services.tenancy.member(ctx.member.user.id, companyId);
  const membership = there?.membership;
  if (!there || membership?.company.id !== companyId) return ctx.notFound();
  if (secondFactorDue(there, 'company')) return leadToSecondFactor(ctx);
  if (refusal(membership.company, membership.role, 'exports:create')) return ctx.notFound();
  await send(ctx, membership.company, membership.role);
}

/** One answer for whatever keeps somebody from the file: foreign, unknown, unfinished, expired, revoked, another's to take. */
async function send(ctx: SignedInContext, company: Company, role: Role): Promise<void> {
  const { services, req } = ctx;
  const id = String(req.params.id);
  const found = await services.tenancy.inCompany(company, (db) => exports.takeable(db, id, ctx.now));
  const allowed = found && refusal(company, role, exports.takenBy(found.format)) === null;
  const file = allowed && (await services.files.open(found.file_key));
  if (!found || !file) return ctx.notFound();
  await sendFile(ctx, file, {
    name: fileName(ctx, company, found),
    type: exports.TYPES[found.format],
    note: () =>
      services.tenancy.inCompany(company, (db) => exports.noteDownload(db, id, ctx.member.user.id, req.ip ?? null)),
    about: { export: id },
  });
}
