import { formatPhone } from '../../kernel/phone.ts';
import { spanStart } from '../../kernel/time.ts';
import type { AboutReview } from '../../reviews/reviews.ts';
import type { Context } from '../../web/context.ts';
import type { Refusal } from '../../web/form.ts';
import type { ConfirmModel } from '../../web/views.ts';
import type { RequestRow } from '../requests/requests.ts';
import { isToEarlierText, type Known, mayDispute, mayObjectFrom, mayReply, type Person } from './person.ts';

declare module '../../web/views.ts' {
  interface Views {
    'about/show': ShowModel;
    'about/writing': WritingModel;
    'about/objection': ObjectionModel;
    'about/erasure': ConfirmModel;
  }
}

export interface ShowModel {
  /** as people write it */
  phone: string;
  until: string;
  reviews: ReviewModel[];
  looks: { company: string; at: string }[];
  /** the state of the sharing; null: nobody objected */
  sharing: Said | null;
  canObject: boolean;
  /** null: now, or never */
  objectFrom: string | null;
  copy: RequestModel;
  erasure: RequestModel;
}

type Pill = 'pill-good' | 'pill-bad' | 'pill-warn' | '';

/** What the person said, what became of it, and the answer. */
interface Said {
  state: string;
  pill: Pill;
  text: string;
  at: string;
  answer: string | null;
  /** the words it speaks of are others by now */
  isEarlier: boolean;
}

interface ReviewModel {
  id: string;
  author: string;
  sentiment: string;
  pill: Pill;
  reason: string;
  text: string;
  at: string;
  corrected: string | null;
  /** older than twelve months: companies see it folded */
  faded: boolean;
  reply: Said | null;
  dispute: Said | null;
  canReply: boolean;
  canDispute: boolean;
}

interface RequestModel {
  /** null: it was never asked for */
  state: string | null;
  pill: Pill;
  facts: string | null;
  /** what was left as it was, and whom to ask for it */
  left: string[];
  running: boolean;
  canTake: boolean;
}

export function showModel(ctx: Context, person: Person, known: Known): ShowModel {
  const { format, now } = ctx;
  const from = mayObjectFrom(known, now);
  return {
    phone: formatPhone(person.phone),
    until: format.relative(person.expiresAt),
    reviews: known.reviews.map((review) => reviewModel(ctx, review)),
    looks: known.looks.map(({ company, at }) => ({ company, at: format.date(at) })),
    sharing: sharing(ctx, known),
    canObject: from === now,
    objectFrom: from && from > now ? format.date(from) : null,
    copy: requestModel(ctx, known.requests.copy),
    erasure: requestModel(ctx, known.requests.erasure),
  };
}

const SENTIMENTS = { positive: 'pill-good', neutral: '', negative: 'pill-bad' } as const;

export function reviewModel({ t, format, now }: Context, review: AboutReview): ReviewModel {
  const { sentiment, corrected_at: corrected } = review;
  return {
    id: review.id,
    author: review.signed_as ?? t('about.review.someCompany'),
    sentiment: t(`reviews.sentiment.${sentiment}`),
    pill: SENTIMENTS[sentiment],
    reason: t(`reviews.reason.${review.reason}`),
    text: review.text,
    at: format.date(review.published_at),
    corrected: corrected && format.date(corrected),
    faded: review.published_at < spanStart('12m', now, 'UTC'),
    reply: said({ t, format }, 'reply', REPLIES, {
      state: review.reply_state,
      text: review.reply_text,
      answer: review.reply_answer,
      at: review.reply_at,
      isEarlier: isToEarlierText(review),
    }),
    dispute: said({ t, format }, 'dispute', DISPUTES, {
      state: review.dispute_state,
      text: review.dispute_text,
      answer: review.dispute_answer,
      at: review.dispute_at,
    }),
    canReply: mayReply(review),
    canDispute: mayDispute(review),
  };
}

const REPLIES = { pending: 'pill-warn', published: 'pill-good', refused: 'pill-bad' } as const;
const DISPUTES = { open: 'pill-warn', upheld: 'pill-good', rejected: 'pill-bad' } as const;

interface Row<State> {
  state: State | null;
  text: string | null;
  answer: string | null;
  at: Date | null;
  isEarlier?: boolean;
}

function said<State extends string>(
  { t, format }: Pick<Context, 't' | 'format'>,
  kind: 'reply' | 'dispute' | 'objection',
  pills: Record<State, Pill>,
  { state, text, answer, at, isEarlier }: Row<State>,
): Said | null {
  if (!state || !at) return null;
  return {
    state: t(`about.${kind}.state.${state}`),
    pill: pills[state],
    text: text ?? '',
    at: format.date(at),
    answer,
    isEarlier: isEarlier ?? false,
  };
}

function sharing(ctx: Context, { objection }: Known): Said | null {
  if (!objection) return null;
  const { state, text, answer, created_at: at } = objection;
  return said(ctx, 'objection', DISPUTES, { state, text, answer, at });
}

const REQUESTS = { waiting: 'pill-warn', running: 'pill-warn', done: 'pill-good', failed: 'pill-bad' } as const;

function requestModel({ t, format, now }: Context, row: RequestRow | null): RequestModel {
  if (!row) return { state: null, pill: '', facts: null, left: [], running: false, canTake: false };
  const canTake = row.file_key !== null && row.expires_at !== null && row.expires_at > now;
  return {
    state: t(`about.request.state.${row.state}`),
    pill: REQUESTS[row.state],
    facts: row.state === 'done' ? facts({ t, format }, row, canTake) : null,
    left: (row.outcome.left ?? []).map(({ company, why, count }) =>
      t(`about.request.left.${why}`, { company, count, number: format.number(count) }),
    ),
    running: row.state === 'waiting' || row.state === 'running',
    canTake,
  };
}

function facts({ t, format }: Pick<Context, 't' | 'format'>, row: RequestRow, canTake: boolean): string {
  const { companies = 0, orders = 0, messages = 0, feedback = 0, imported = 0 } = row.outcome;
  const parts = { companies, orders, messages, feedback, imported };
  const told = Object.entries(parts)
    .filter(([kind, count]) => kind === 'companies' || count > 0)
    .map(([kind, count]) => t(`about.request.found.${kind}`, { count, number: format.number(count) }));
  const until = canTake && row.expires_at ? [t('about.copy.until', { at: format.date(row.expires_at) })] : [];
  return [format.dateTime(row.done_at ?? row.created_at), ...told, ...until].join(' · ');
}

export interface WritingModel {
  title: string;
  about: string;
  label: string;
  hint: string;
  submit: string;
  action: string;
  review: ReviewModel;
  text: string;
  error: string | null;
}

export function writingModel(
  ctx: Context,
  kind: 'reply' | 'dispute',
  review: AboutReview,
  { values, errors }: Refusal,
): WritingModel {
  const { t } = ctx;
  return {
    title: t(`about.${kind}.title`),
    about: t(`about.${kind}.text`),
    label: t(`about.${kind}.label`),
    hint: t(`about.${kind}.hint`),
    submit: t(`about.${kind}.submit`),
    action: `/about-me/reviews/${review.id}/${kind}`,
    review: reviewModel(ctx, review),
    text: values.text ?? (kind === 'reply' ? review.reply_text : null) ?? '',
    error: errors.text ?? null,
  };
}

export interface ObjectionModel {
  text: string;
  error: string | null;
}

export const objectionModel = ({ values, errors }: Refusal): ObjectionModel => ({
  text: values.text ?? '',
  error: errors.text ?? null,
});

export const erasureModel = ({ t }: Context): ConfirmModel => ({
  title: t('about.erasure.title'),
  text: t('about.erasure.text'),
  action: '/about-me/erasure',
  back: '/about-me',
  submit: t('about.erasure.submit'),
  error: null,
});

export const fileName = ({ t }: Context, at: Date): string =>
  `${t('about.copy.fileName', { day: at.toISOString().slice(0, 10) })}.json`;
