import type { CompanyDb } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError } from '../../web/form.ts';
import * as drafts from '../draft/draft.ts';
import * as send from '../send/control.ts';
import { campaignHere } from './here.ts';
import { hasEnded } from './state-view.ts';
import { titleOf } from './title-view.ts';

declare module '../../web/views.ts' {
  interface Views {
    'sms/confirm': ConfirmModel;
  }
}

type Verb = (db: CompanyDb, campaignId: string, userId: string, now: Date) => Promise<boolean>;

export const pause = (ctx: CompanyContext): Promise<void> => act(ctx, send.pause, 'paused');
export const resume = (ctx: CompanyContext): Promise<void> => act(ctx, send.resume, 'resumed');
export const cancel = (ctx: CompanyContext): Promise<void> => act(ctx, send.cancel, 'cancelled');

async function act(ctx: CompanyContext, verb: Verb, key: 'paused' | 'resumed' | 'cancelled'): Promise<void> {
  const row = await campaignHere(ctx);
  if (!row) return ctx.notFound();
  const done = await ctx.services.tenancy.inCompany(ctx.company, (db) => verb(db, row.id, ctx.member.user.id, ctx.now));
  // What is being called at this moment is let through: the next page tells what came of it.
  if (done && key !== 'resumed') await send.stilled(ctx.services, ctx.company, row.id);
  const text = ctx.t(done ? `sms.told.${key}` : 'sms.told.tooLate');
  ctx.redirect(`/sms/${row.id}`, { kind: done ? 'done' : 'error', text });
}

/** Asks once more: what is cancelled cannot be taken up again. */
export async function askCancel(ctx: CompanyContext): Promise<void> {
  const row = await campaignHere(ctx);
  if (!row || row.state === 'draft' || hasEnded(row)) return ctx.notFound();
  await ctx.render('sms/confirm', {
    title: ctx.t('sms.cancel.title', { name: titleOf(ctx, row) }),
    text: ctx.t('sms.cancel.text'),
    action: `/sms/${row.id}/cancellation`,
    back: `/sms/${row.id}`,
    submit: ctx.t('sms.cancel.submit'),
    error: null,
  });
}

export async function copy(ctx: CompanyContext): Promise<void> {
  const row = await campaignHere(ctx);
  if (!row) return ctx.notFound();
  const name = ctx.t('sms.copyOf', { name: row.name }).slice(0, 100);
  const copied = await ctx.services.tenancy
    .inCompany(ctx.company, (db) => drafts.copy(db, row.id, name, ctx.member.user.id))
    .catch(refused);
  if (!copied) return ctx.notFound();
  if (copied instanceof FieldError)
    return ctx.redirect(`/sms/${row.id}`, { kind: 'error', text: ctx.t(copied.message) });
  const text = ctx.t(copied.otherSender ? 'sms.told.copiedOtherSender' : 'sms.told.copied');
  ctx.redirect(`/sms/${copied.id}/edit`, { kind: 'done', text });
}

function refused(error: unknown): FieldError {
  if (error instanceof FieldError) return error;
  throw error;
}

export async function askRemoval(ctx: CompanyContext): Promise<void> {
  const row = await campaignHere(ctx);
  if (row?.state !== 'draft') return ctx.notFound();
  await ctx.render('sms/confirm', {
    title: ctx.t('sms.removal.title', { name: row.name }),
    text: ctx.t('sms.removal.text'),
    action: `/sms/${row.id}/removal`,
    back: `/sms/${row.id}`,
    submit: ctx.t('sms.removal.submit'),
    error: null,
  });
}

export async function remove(ctx: CompanyContext): Promise<void> {
  const row = await campaignHere(ctx);
  if (!row) return ctx.notFound();
  const gone = await ctx.services.tenancy.inCompany(ctx.company, (db) => drafts.remove(db, row, ctx.member.user.id));
  if (gone) return ctx.redirect('/sms', { kind: 'done', text: ctx.t('sms.told.removed') });
  ctx.redirect(`/sms/${row.id}`, { kind: 'error', text: ctx.t('sms.told.noDraft') });
}
