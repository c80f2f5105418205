import type { HeaderModel } from '../../customers/customers.ts';
import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Sentiment } from '../reasons.ts';
import type { NumberRow, OwnRow, SeenRow } from './sql.ts';
import { mayDispute, type Reviews } from './tab.ts';

declare module '../../web/views.ts' {
  interface Views {
    'reviews/tab': TabModel;
  }
}

/** A review as its readers see it; partial `reviews/card`. */
export interface CardModel {
  sentiment: string;
  /** of the badge */
  tone: 'good' | 'bad' | 'plain';
  icon: string;
  reason: string;
  text: string;
  who: string;
  /** masked */
  number: string;
  when: string;
  corrected: string | null;
  reply: { text: string; when: string } | null;
  /** the company's own dispute about it */
  dispute: { text: string; answer: string | null } | null;
  /** null: it cannot be disputed now, or not by this person */
  disputePath: string | null;
}

interface OwnModel {
  /** what of it is published; null: nothing (yet) */
  published: CardModel | null;
  /** the text written last, unless it is the published one */
  latest:
    | (CardModel & { state: string; stateTone: string; hint: string; answer: string | null; author: string })
    | null;
  hidden: boolean;
  correctPath: string | null;
  withdrawPath: string | null;
}

interface TabModel {
  title: string;
  header: HeaderModel;
  /** null: the person may not write, or there is no number to write about */
  writePath: string | null;
  own: OwnModel[];
  recent: CardModel[];
  faded: { title: string; reviews: CardModel[] } | null;
  former: { title: string; reviews: CardModel[] } | null;
  /** numbers that came beyond the day's budget */
  waiting: string | null;
  hinted: boolean;
  /** what others wrote belongs to a paid plan, which the company has not (P-05) */
  unpaid: boolean;
  empty: { title: string; text: string } | null;
}

export function tabModel(
  ctx: CompanyContext,
  customerId: string,
  header: HeaderModel,
  { numbers, own, recent, faded, former }: Reviews,
  hinted: boolean,
): TabModel {
  const { t } = ctx;
  const unpaid = ctx.company.plan !== 'paid';
  const base = `/customers/${customerId}/reviews`;
  const card = (review: SeenRow) => cardModel(ctx, review, base);
  const folded = (name: 'faded' | 'former', reviews: readonly SeenRow[]) =>
    reviews.length > 0
      ? { title: t(`reviews.tab.${name}`, { count: reviews.length }), reviews: reviews.map(card) }
      : null;
  const waiting = numbers.filter((number) => number.waiting).map(({ phone }) => formatPhone(phone));
  const nothing = own.length + recent.length + faded.length + former.length === 0;
  return {
    title: t('reviews.tab.title', { name: header.name }),
    header,
    writePath:
      ctx.may('customers:write') &&
      writable(
        numbers,
        own.map(({ row }) => row),
      ).length > 0
        ? `${base}/new`
        : null,
    own: own.map((each) => ownModel(ctx, each, numbers, base)),
    recent: recent.map(card),
    faded: folded('faded', faded),
    former: folded('former', former),
    waiting: waiting.length > 0 && !unpaid ? t('reviews.tab.waiting', { numbers: waiting.join(', ') }) : null,
    hinted,
    unpaid,
    empty: nothing && !unpaid ? emptyModel(ctx, numbers) : null,
  };
}

/** Numbers the company dealt with and has not written about. */
export const writable = (numbers: readonly NumberRow[], own: readonly OwnRow[]): NumberRow[] =>
  numbers.filter(({ key, dealt }) => dealt && !own.some((row) => row.phone_key === key));

// It says only what the company knows by itself: whether it dealt with this customer.
function emptyModel({ t }: CompanyContext, numbers: readonly NumberRow[]) {
  const which = numbers.some(({ dealt }) => dealt) ? 'none' : numbers.length > 0 ? 'noDealing' : 'noPhone';
  return { title: t(`reviews.empty.${which}.title`), text: t(`reviews.empty.${which}.text`) };
}

const TONES = { positive: 'good', neutral: 'plain', negative: 'bad' } as const;
const ICONS = { positive: 'heart', neutral: 'minus', negative: 'warning' } as const;

export const looks = (sentiment: Sentiment) => ({ tone: TONES[sentiment], icon: ICONS[sentiment] });

export function cardModel(ctx: CompanyContext, review: SeenRow, base: string): CardModel {
  const { t, format } = ctx;
  const { signed_as: signedAs, corrected_at: corrected, dispute_state: disputed } = review;
  return {
    ...saidModel(ctx, review),
    who: signedAs ?? t(`reviews.${review.own ? 'nameless' : 'anonymous'}`),
    when: format.date(review.published_at),
    corrected: corrected && t('reviews.corrected', { day: format.date(corrected) }),
    reply:
      review.reply_text !== null && review.reply_at
        ? { text: review.reply_text, when: replyWhen(ctx, review.reply_at, corrected) }
        : null,
    dispute: disputed && { text: t(`reviews.dispute.${disputed}`), answer: review.dispute_answer },
    disputePath: mayDispute(review, ctx.now) && ctx.may('customers:write') ? `${base}/${review.id}/dispute` : null,
  };
}

const saidModel = ({ t }: CompanyContext, { sentiment, reason, text, phone_hint: hint }: SeenRow | OwnRow) => ({
  sentiment: t(`reviews.sentiment.${sentiment}`),
  ...looks(sentiment),
  reason: t(`reviews.reason.${reason}`),
  text,
  number: t('reviews.number', { hint }),
});

/** A reader is told where the words that were answered are others by now. */
const replyWhen = ({ t, format }: CompanyContext, at: Date, corrected: Date | null): string =>
  corrected && corrected > at ? `${format.date(at)} · ${t('reviews.replyEarlier')}` : format.date(at);

function ownModel(
  ctx: CompanyContext,
  { row, published }: Reviews['own'][number],
  numbers: readonly NumberRow[],
  base: string,
): OwnModel {
  const may = ctx.may('customers:write');
  return {
    published: published && cardModel(ctx, published, base),
    latest: row.revision_state === 'published' ? null : latestModel(ctx, row, published !== null),
    hidden: published !== null && numbers.some(({ key, hidden }) => hidden && key === row.phone_key),
    correctPath: may ? `${base}/${row.id}/correction` : null,
    withdrawPath: may ? `${base}/${row.id}/withdrawal` : null,
  };
}

const STATE_TONES: Record<string, string> = { pending: 'pill-warn', refused: 'pill-bad', changes: 'pill-bad' };

function latestModel(ctx: CompanyContext, row: OwnRow, isCorrection: boolean): OwnModel['latest'] {
  const { t, format, company } = ctx;
  const { anonymous, revision_state: state, answer, written_at: at, user_name: author } = row;
  return {
    ...saidModel(ctx, row),
    who: anonymous ? t('reviews.nameless') : company.name,
    when: format.date(at),
    corrected: null,
    reply: null,
    dispute: null,
    disputePath: null,
    state: t(`reviews.state.${state}.name`),
    stateTone: STATE_TONES[state] ?? '',
    hint: t(`reviews.state.${state}.${isCorrection ? 'correction' : 'text'}`),
    answer,
    author: author ? t('reviews.own.by', { name: author }) : '',
  };
}
