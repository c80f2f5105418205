import * as tags from '../../tags/tags.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError, nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { frameOf } from '../audience/frame.ts';
import type * as drafts from '../draft/draft.ts';
import { testForm } from '../draft/input.ts';
import { lastTest, sendTest } from '../draft/single.ts';
import { type DryRun, dryRun, timesOf } from '../launch/dry-run.ts';
import { LAUNCH_SECONDS, launch as launchNow } from '../launch/launch.ts';
import { recipients } from '../launch/recipients.ts';
import { readSeen, type Seen } from '../launch/seen.ts';
import { paceOf } from '../send/pace.ts';
import { addressOf } from '../send/transport.ts';
import { draftModel } from './draft-view.ts';
import { draftHere, launchedAlready } from './here.ts';
import { launchModel } from './launch-view.ts';
import { whomIn, whomWords } from './whom.ts';

const momentOf = ({ now, services }: CompanyContext) => ({ now, publicUrl: services.config.publicUrl });

/** Who would get it, who would not and why, and what it would cost. `refusal`: what went wrong with a test or the launch. */
export async function showDraft(ctx: CompanyContext, row: drafts.CampaignRow, refusal: Refusal | null, status = 200) {
  const { tenancy, config } = ctx.services;
  const perSecond = await paceOf(tenancy, addressOf(config, row.channel, row.sender));
  const loaded = await tenancy.reading(ctx.company, async (db) => ({
    ...(await look(ctx, db, row, perSecond)),
    whom: whomWords(ctx, whomIn(row), await tags.names(db)),
    number: await lastTest(db, ctx.member.user.id),
  }));
  await ctx.render('sms/draft', draftModel(ctx, row, { ...loaded, refusal: refusal ?? nothingTyped }), status);
}

/** `problem`: key of the words for why there is nothing to look at */
async function look(
  ctx: CompanyContext,
  db: CompanyReader,
  row: drafts.CampaignRow,
  perSecond: number,
): Promise<{ run: DryRun | null; problem: string | null }> {
  try {
    return { run: await dryRun(db, row, momentOf(ctx), perSecond), problem: null };
  } catch (error) {
    if (error instanceof FieldError) return { run: null, problem: error.message };
    throw error;
  }
}

/** Asks once more; what was looked at comes along in the address. */
export async function askLaunch(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (!row) return;
  const given = String(ctx.req.query.seen ?? '');
  const seen = readSeen(given);
  if (!seen) return ctx.redirect(`/sms/${row.id}`);
  const loaded = await askedOf(ctx, row, seen);
  // The draft's own page says what is wrong with it.
  if (!loaded || (row.expires_at && row.expires_at <= (loaded.times.startsAt ?? ctx.now)))
    return ctx.redirect(`/sms/${row.id}`);
  await ctx.render('sms/launch', launchModel(ctx, row, { ...loaded, given, seen }));
}

/** When and how it goes, and what the first one gets; null: it cannot be launched. */
async function askedOf(ctx: CompanyContext, row: drafts.CampaignRow, seen: Seen) {
  const { tenancy, config } = ctx.services;
  const perSecond = await paceOf(tenancy, addressOf(config, row.channel, row.sender));
  try {
    return await tenancy.reading(ctx.company, async (db) => {
      const frame = await frameOf(db, row, ctx.now);
      const { rows } = await recipients(db, row, momentOf(ctx), { reason: null, per: 1, after: null });
      return {
        first: rows[0] ?? null,
        times: await timesOf(db, row, frame, seen.recipients, ctx.now, perSecond),
        unpriced: frame.prices.every(({ micros }) => micros === null),
      };
    });
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

export async function launch(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (!row) return;
  const seen = String(ctx.req.body?.seen ?? '');
  const order = { ...momentOf(ctx), userId: ctx.member.user.id, seen };
  try {
    await ctx.services.tenancy.inCompany(ctx.company, (db) => launchNow(db, row.id, order), LAUNCH_SECONDS);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    if (error.field === 'launch') return launchedAlready(ctx, row.id);
    const refusal = { values: {}, errors: { launch: ctx.t(error.message) } };
    return showDraft(ctx, row, refusal, error.field === 'seen' ? 409 : 422);
  }
  ctx.redirect(`/sms/${row.id}`, { kind: 'done', text: ctx.t('sms.told.launched') });
}

/** The address of a refused test, when it is opened anew. */
export async function backToDraft(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (row) ctx.redirect(`/sms/${row.id}`);
}

/** To a number of one's own. */
export async function test(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (!row) return;
  const order = { ...momentOf(ctx), userId: ctx.member.user.id };
  const outcome = await submit(ctx, testForm, ({ number }) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => sendTest(db, row, number, order)),
  );
  if ('errors' in outcome) return showDraft(ctx, row, outcome, 422);
  const link = { path: `/sms/${outcome.saved}`, text: ctx.t('sms.one.follow') };
  ctx.redirect(`/sms/${row.id}`, { kind: 'done', text: ctx.t('sms.told.tested'), link });
}
