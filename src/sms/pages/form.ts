import * as senders from '../../senders/senders.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError, nothingTyped, type Refusal, submit, typedValues } from '../../web/form.ts';
import * as drafts from '../draft/draft.ts';
import { type DraftForm, draftForm, whomForm } from '../draft/input.ts';
import { momentsOf } from '../draft/moments.ts';
import { check } from './check.ts';
import { formModel, type Meanwhile, typedOf } from './form-view.ts';
import { campaignHere, draftHere } from './here.ts';
import { loadWhom, openedWith, whomIn, whomOf, whomOfAddress } from './whom.ts';

/** From the list of customers: on to the form, with those that were ticked, or all that match, in its address. */
export function choose(ctx: CompanyContext): void {
  const { ids, filter } = whomForm.parse(ctx.req.body ?? {});
  const everybody = ctx.req.body?.scope === 'all' && filter !== undefined;
  const params = new URLSearchParams(everybody ? { filter } : (ids ?? []).map((id): [string, string] => ['ids', id]));
  if (params.size > 0) ctx.redirect(`/sms/new?${params}`);
  else ctx.redirect('/customers', { kind: 'error', text: ctx.t('bulk.ask.nobody') });
}

export async function showNew(ctx: CompanyContext): Promise<void> {
  const given = whomOfAddress(new URL(ctx.req.originalUrl, 'http://localhost').searchParams);
  const typed = given ? { ...nothingTyped, values: { to: 'chosen' } } : nothingTyped;
  await form(ctx, { row: null, given, refusal: typed });
}

/** Saves a new draft and shows who would get it. */
export async function create(ctx: CompanyContext): Promise<void> {
  if (ctx.req.body?.do === 'check') return again(ctx, null, { values: typedValues(ctx.req.body), errors: {} });
  const userId = ctx.member.user.id;
  const outcome = await submit(ctx, draftForm, (data) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => drafts.create(db, draftOf(ctx, data), userId)),
  );
  if ('errors' in outcome) return again(ctx, null, outcome);
  ctx.redirect(`/sms/${outcome.saved}`);
}

export async function showEdit(ctx: CompanyContext): Promise<void> {
  const row = await draftHere(ctx);
  if (!row) return;
  const refusal = { values: typedOf(row, ctx.company), errors: {} };
  await form(ctx, { row, given: whomIn(row), refusal });
}

export async function save(ctx: CompanyContext): Promise<void> {
  const row = await campaignHere(ctx);
  if (row?.state !== 'draft' || row.kind !== 'group') return saveAnew(ctx, row);
  if (ctx.req.body?.do === 'check') return again(ctx, row, { values: typedValues(ctx.req.body), errors: {} });
  const version = versionOf(ctx.req.body?.version);
  const userId = ctx.member.user.id;
  const outcome = await submit(ctx, draftForm, (data) =>
    ctx.services.tenancy.inCompany(ctx.company, (db) => drafts.edit(db, row.id, version, draftOf(ctx, data), userId)),
  );
  if ('errors' in outcome) return again(ctx, row, outcome);
  if (outcome.saved) return ctx.redirect(`/sms/${row.id}`, { kind: 'done', text: ctx.t('sms.told.saved') });
  // Whoever saves once more has seen that somebody else had saved.
  const now = await campaignHere(ctx);
  if (now?.state !== 'draft') return saveAnew(ctx, now);
  await again(ctx, now, { values: typedValues(ctx.req.body), errors: {} }, 'conflict');
}

/** What was typed into a draft that is none any more can still be kept, as a new one. */
const saveAnew = (ctx: CompanyContext, row: drafts.CampaignRow | null): Promise<void> =>
  again(ctx, null, { values: typedValues(ctx.req.body), errors: {} }, row ? 'launched' : 'gone');

const versionOf = (given: unknown) => (typeof given === 'string' && /^\d{1,15}$/.test(given) ? BigInt(given) : -1n);

/** Throws FieldError for what only the company and the moment decide. */
function draftOf(ctx: CompanyContext, data: DraftForm): drafts.Draft {
  const { name, channel, fallback, sender, body } = data;
  const whom = whomOf(data);
  if (!whom) throw new FieldError('to', 'sms.form.nobody');
  const times = momentsOf(data, ctx.company, ctx.now);
  return { name, channel, fallback, sender: sender === '' ? null : sender, body, whom, ...times };
}

const STATUS = { conflict: 409, launched: 409, gone: 404 } as const satisfies Record<Meanwhile, number>;

/** The form as it was typed. */
async function again(
  ctx: CompanyContext,
  row: drafts.CampaignRow | null,
  refusal: Refusal,
  meanwhile: Meanwhile | null = null,
): Promise<void> {
  const whom = whomForm.safeParse(ctx.req.body ?? {}).data;
  await form(ctx, { row, given: whom ? openedWith(whom) : null, refusal, meanwhile });
}

interface Opened {
  row: drafts.CampaignRow | null;
  given: drafts.Whom | null;
  refusal: Refusal;
  meanwhile?: Meanwhile | null;
}

async function form(ctx: CompanyContext, opened: Opened): Promise<void> {
  const { meanwhile = null } = opened;
  const loaded = await ctx.services.tenancy.reading(ctx.company, (db) => load(ctx, db, opened));
  const errors = { ...loaded.wrong, ...opened.refusal.errors };
  const refusal = { ...opened.refusal, errors };
  const status = meanwhile ? STATUS[meanwhile] : Object.keys(errors).length > 0 ? 422 : 200;
  await ctx.render('sms/form', formModel(ctx, { ...opened, ...loaded, refusal, meanwhile }), status);
}

async function load(ctx: CompanyContext, db: CompanyReader, { given: asked, refusal }: Opened) {
  const { body = '', to = '', preview = '' } = refusal.values;
  const { given, wrong } = await readChoice(ctx, db, asked);
  return {
    wrong: to === 'chosen' ? wrong : {},
    whom: await loadWhom(ctx, db, given),
    senders: await senders.sendersOf(db),
    checked: await check(ctx, db, { body, whom: to === 'chosen' ? given : whomOf({ to }), q: preview }),
  };
}

interface Choice {
  given: drafts.Whom | null;
  wrong: Record<string, string>;
}

/** Nobody is offered who cannot be meant. */
async function readChoice(ctx: CompanyContext, db: CompanyReader, given: drafts.Whom | null): Promise<Choice> {
  try {
    return { given: given && (await drafts.understood(db, given)), wrong: {} };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { given: null, wrong: { [error.field]: ctx.t(error.message) } };
  }
}
