import { z } from 'zod';
import { type AboutReview, publishedAbout } from '../reviews/reviews.ts';
import type { SignedInContext } from '../web/context.ts';
import { explained, nothingTyped, oneOf, type Refusal, submit, typedValues } from '../web/form.ts';
import { readBefore } from '../web/pager.ts';
import * as objections from './objections.ts';
import { type ObjectionModel, statusOf } from './view.ts';

const PER_PAGE = 50;
const STATES = ['upheld', 'rejected'] as const;

const verdict = z.object({
  state: oneOf(STATES),
  // Browsers send a new line as two signs; it is typed, and counted, as one.
  answer: z
    .string('web.form.required')
    .transform((typed) => typed.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().min(1, 'admin.objections.noReason').max(1000, 'web.form.tooLong')),
});

export async function list(ctx: SignedInContext): Promise<void> {
  const { req, services, member, t } = ctx;
  const state = req.query.state === 'decided' ? 'decided' : 'open';
  const before = state === 'decided' ? readBefore(ctx) : null;
  const shelf = await services.tenancy.inPortal((db) =>
    objections.list(db, state, { per: PER_PAGE, before, userId: member.user.id }),
  );
  const last = shelf.objections.at(-1);
  await ctx.render('admin/objections', {
    tabs: (['open', 'decided'] as const).map((each) => ({
      label: t(`admin.objections.tab.${each}`),
      path: each === 'open' ? '/admin/objections' : '/admin/objections?state=decided',
      current: each === state,
    })),
    objections: shelf.objections.map((row) => objectionModel(ctx, row)),
    none: t(`admin.objections.none.${state}`),
    older: state === 'decided' && shelf.more && last ? `/admin/objections?state=decided&before=${last.id}` : null,
    newest: before === null,
    text: t('admin.objections.text'),
  });
}

export async function show(ctx: SignedInContext): Promise<void> {
  const found = await find(ctx);
  return found ? page(ctx, found, nothingTyped, 200) : ctx.notFound();
}

export async function decide(ctx: SignedInContext): Promise<void> {
  const { services, member, now, t } = ctx;
  const found = await find(ctx);
  if (!found) return ctx.notFound();
  const outcome = await submit(ctx, verdict, async (given) => {
    const by = { userId: member.user.id, now };
    const decided = await services.tenancy.inPortal((db) => objections.decide(db, found, given, by));
    return decided ? given.state : null;
  });
  if ('errors' in outcome) return page(ctx, found, outcome, statusOf(outcome.errors));
  if (outcome.saved) {
    return ctx.redirect('/admin/objections', { kind: 'done', text: t(`admin.objections.told.${outcome.saved}`) });
  }
  // Somebody was faster; what was typed is not lost.
  await page(ctx, (await find(ctx)) ?? found, { values: typedValues(ctx.req.body), errors: {} }, 409);
}

const find = ({ services, req, member }: SignedInContext) =>
  services.tenancy.inPortal((db) => objections.find(db, String(req.params.id), member.user.id));

async function page(
  ctx: SignedInContext,
  row: objections.ObjectionRow,
  { values, errors }: Refusal,
  status: number,
): Promise<void> {
  const { t } = ctx;
  const hidden = row.own ? [] : await ctx.services.tenancy.inPortal((db) => publishedAbout(db, row.phoneKey));
  const model = {
    ...objectionModel(ctx, row),
    title: t('admin.objections.about', { number: `•••${row.phoneHint}` }),
    hidden: t('admin.objections.hidden', { count: row.reviews }),
    wrote: t('admin.objections.wrote', { count: row.companies }),
    about: hidden.map((review) => reviewModel(ctx, review)),
    own: row.own,
    open: row.state === 'open' && !row.own,
    states: explained(t, (value, part) => `admin.objections.choice.${value}.${part}`, STATES, values.state),
    values,
    errors,
    lost: status === 409 ? (values.answer ?? '') : '',
  };
  await ctx.render('admin/objection', model, status);
}

function reviewModel({ t, format }: SignedInContext, review: AboutReview) {
  const { sentiment, reason, text, signed_as: signedAs, published_at: at } = review;
  return {
    sentiment: t(`reviews.sentiment.${sentiment}`),
    tone: { positive: 'pill-good', neutral: '', negative: 'pill-bad' }[sentiment],
    reason: t(`reviews.reason.${reason}`),
    text,
    by: `${signedAs ?? t('admin.objections.unsigned')} · ${format.date(at)}`,
  };
}

function objectionModel({ t, format }: SignedInContext, row: objections.ObjectionRow): ObjectionModel {
  const { id, phoneHint, own, state, answer, createdAt, decider, decidedAt, reviews } = row;
  return {
    id,
    number: `•••${phoneHint}`,
    text: own ? t('moderation.own.text') : row.text,
    at: format.dateTime(createdAt),
    ago: format.relative(createdAt),
    reviews: format.number(reviews),
    state: t(`admin.objections.state.${state}`),
    tone: { open: 'pill-warn', upheld: '', rejected: 'pill-good' }[state],
    decided:
      decidedAt &&
      t('admin.objections.decided', {
        name: decider ?? t('admin.objections.somebody'),
        at: format.dateTime(decidedAt),
      }),
    answer: own ? null : answer,
  };
}
