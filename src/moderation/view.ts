import type { SignedInContext } from '../web/context.ts';
import { type Paged, type Paging, paged } from '../web/pager.ts';
import { DAYS, type Figures } from './figures/figures.ts';
import { marksOf } from './hints.ts';
import type { CaseRow, Kind, Queue } from './moderation.ts';
import { KINDS } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'moderation/queue': QueueModel;
  }
}

export const STATES = ['waiting', 'mine', 'decided'] as const;

export interface Shown {
  state: (typeof STATES)[number];
  kind: Kind | null;
}

interface Tab {
  label: string;
  path: string;
  current: boolean;
}

export interface QueueModel {
  figures: FiguresModel;
  states: Tab[];
  kinds: Tab[];
  kind: string;
  cases: QueueRow[];
  action: string;
  paging: Paged;
  nothing: { title: string; text: string };
}

interface QueueRow {
  path: string;
  kind: string;
  what: string;
  sentiment: string | null;
  tone: string;
  at: string;
  ago: string;
  author: string;
  number: string;
  text: string;
  marks: string[];
  own: boolean;
  state: string | null;
  mine: boolean;
}

export function queueModel(
  ctx: SignedInContext,
  shown: Shown,
  paging: Paging,
  queue: Queue,
  figures: Figures,
): QueueModel {
  const { t } = ctx;
  const tab = (change: Partial<Shown>, label: string): Tab => ({
    label,
    path: queuePath({ ...shown, ...change }),
    current: Object.entries(change).every(([name, value]) => shown[name as keyof Shown] === value),
  });
  return {
    figures: figuresModel(ctx, figures),
    states: STATES.map((state) => tab({ state }, t(`moderation.queue.state.${state}`))),
    kinds: [null, ...KINDS].map((kind) => tab({ kind }, t(`moderation.queue.kind.${kind ?? 'all'}`))),
    kind: shown.kind ?? '',
    cases: queue.cases.map((row) => queueRow(ctx, shown, row)),
    action: '/moderation',
    paging: paged(ctx, paging, queue.cases.length, queue.total),
    nothing: { title: t(`moderation.queue.none.${shown.state}`), text: t(`moderation.queue.noneText.${shown.state}`) },
  };
}

/** The list with this filter; what is usual stands in no address. */
export function queuePath({ state, kind }: Shown): string {
  const query = new URLSearchParams({
    ...(state === 'waiting' ? {} : { state }),
    ...(kind ? { kind } : {}),
  }).toString();
  return query === '' ? '/moderation' : `/moderation?${query}`;
}

const LONGEST_SNIPPET = 180;

function queueRow(ctx: SignedInContext, { kind }: Shown, row: CaseRow): QueueRow {
  const { t, format } = ctx;
  // Of a case of one's own company stands here that it waits: not what it says, nor who says it.
  const { own } = row;
  const text = own ? t('moderation.own.text') : (row.text ?? t('moderation.case.erased'));
  return {
    path: kind ? `/moderation/${row.id}?kind=${kind}` : `/moderation/${row.id}`,
    kind: t(`moderation.kind.${row.kind}`),
    what: !own && row.reason ? t(`reviews.reason.${row.reason}`) : '',
    ...toneOf(ctx, own ? null : row.sentiment),
    at: format.dateTime(row.createdAt),
    ago: format.relative(row.createdAt),
    author: own ? '' : whoWrote(ctx, row),
    number: maskedNumber(row.phoneHint),
    text: [...text].length > LONGEST_SNIPPET ? `${[...text].slice(0, LONGEST_SNIPPET).join('')}…` : text,
    marks: marksOf(own ? '' : (row.text ?? '')).map((mark) => t(`moderation.mark.${mark}`)),
    own,
    state: stateWords(ctx, row),
    mine: isMine(ctx, row),
  };
}

export function toneOf({ t }: SignedInContext, sentiment: string | null): { sentiment: string | null; tone: string } {
  const tones: Record<string, string> = { positive: 'pill-good', negative: 'pill-bad' };
  return { sentiment: sentiment && t(`reviews.sentiment.${sentiment}`), tone: tones[sentiment ?? ''] ?? '' };
}

/** Moderators always see who wrote a text, also an unsigned one. */
export const whoWrote = ({ t }: SignedInContext, { kind, author, party }: CaseRow): string =>
  kind === 'reply' || (kind === 'dispute' && !party)
    ? t('moderation.person')
    : ((kind === 'dispute' ? party : author) ?? '');

/** `••• 67`: all that is kept of a number. */
export const maskedNumber = (hint: string | null): string => `•••${hint ?? ''}`;

export const isMine = (ctx: SignedInContext, row: CaseRow): boolean =>
  isHeld(ctx, row) && row.claimedBy === ctx.member.user.id;

/** Who has it, or who decided what; null: it is free. */
export function stateWords(ctx: SignedInContext, row: CaseRow): string | null {
  const { t, format } = ctx;
  if (row.decision) {
    const at = row.decidedAt ? format.dateTime(row.decidedAt) : '';
    const what = t(`moderation.ending.${row.decision}`);
    if (row.decision === 'withdrawn') return t('moderation.state.withdrawn', { what, at });
    return t('moderation.state.decided', { what, at, name: row.decider ?? t('moderation.somebody') });
  }
  if (!row.open) return t('moderation.ending.withdrawn');
  if (!isHeld(ctx, row)) return null;
  const until = row.claimedUntil ? format.relative(row.claimedUntil) : '';
  if (isMine(ctx, row)) return t('moderation.state.mine', { until });
  return t('moderation.state.held', { until, name: row.claimer ?? t('moderation.somebody') });
}

const isHeld = ({ now }: SignedInContext, { decision, claimedBy, claimedUntil }: CaseRow) =>
  decision === null && claimedBy !== null && claimedUntil !== null && claimedUntil > now;

export interface FiguresModel {
  waiting: string;
  /** `2 reviews, 1 dispute` */
  kinds: string;
  oldest: string | null;
  today: string;
  byWhom: { name: string; count: string }[];
  median: string | null;
  measured: string;
}

export function figuresModel({ t, format }: SignedInContext, { waiting, oldest, today, time }: Figures): FiguresModel {
  const sum = (rows: { count: number }[]) => rows.reduce((total, { count }) => total + count, 0);
  return {
    waiting: format.number(sum(waiting)),
    kinds: waiting.map(({ kind, count }) => t(`moderation.figures.of.${kind}`, { count })).join(', '),
    oldest: oldest && format.relative(oldest),
    today: format.number(sum(today)),
    byWhom: today.map(({ name, count }) => ({ name: name ?? t('moderation.somebody'), count: format.number(count) })),
    median: time.median === null ? null : duration(t, time.median),
    measured: t('moderation.figures.measured', { count: time.count, decisions: format.number(time.count), days: DAYS }),
  };
}

/** `3 hours`: in the coarsest unit of which there are at least two. */
export function duration(t: SignedInContext['t'], seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return t('moderation.duration.moment');
  if (minutes < 120) return t('moderation.duration.minutes', { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? t('moderation.duration.hours', { count: hours })
    : t('moderation.duration.days', { count: Math.round(hours / 24) });
}

/** Days begin where the reader works; the portal itself lies nowhere. */
export const zoneOf = ({ member }: SignedInContext): string => member.membership?.company.timezone ?? 'UTC';
