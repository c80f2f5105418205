import type { SignedInContext } from '../web/context.ts';
import { type Choice, choices, type Refusal } from '../web/form.ts';
import { marksIn, type Piece, pieces } from './hints.ts';
import { FLOOD, type History } from './history/history.ts';
import type { FaceRow, RecordRow } from './history/sql.ts';
import { DECISIONS, LONGEST_ANSWER, REFUSALS } from './input.ts';
import { type CaseRow, LEASE_MINUTES, type Place } from './moderation.ts';
import type { Kind } from './sql.ts';
import { isMine, maskedNumber, queuePath, stateWords, toneOf, whoWrote } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'moderation/case': CaseModel;
  }
}

export interface CaseModel {
  title: string;
  id: string;
  kind: string;
  /** of the queue it was opened from */
  filter: string;
  back: string;
  place: string | null;
  previous: string | null;
  next: string | null;
  text: TextModel;
  erased: boolean;
  /** what is published about it now */
  face: FaceModel | null;
  warnings: { text: string; links: { path: string; text: string }[] }[];
  writer: { who: string; user: string | null; at: string; ago: string };
  records: { of: string; figures: { label: string; value: string }[] }[];
  others: OtherModel[];
  number: string;
  rules: string[];
  status: { text: string; tone: 'mine' | 'held' | 'over' } | null;
  /** the moderator's words, once decided */
  answer: string | null;
  claim: { label: string } | null;
  release: boolean;
  minutes: number;
  form: FormModel | null;
  /** what somebody typed who was too late */
  lost: { decision: string; words: string } | null;
}

interface TextModel {
  sentiment: string | null;
  tone: string;
  reason: string | null;
  signed: string | null;
  pieces: { text: string; mark: string | null }[];
}

interface FaceModel {
  title: string;
  sentiment: string | null;
  tone: string;
  reason: string;
  text: string;
  by: string;
  reply: string | null;
}

interface OtherModel {
  path: string;
  kind: string;
  at: string;
  by: string;
  sentiment: string | null;
  tone: string;
  text: string;
  outcome: string;
}

interface FormModel {
  buttons: { value: string; label: string; key: string; style: string; needs: string | null }[];
  refusals: Choice[];
  words: string;
  longest: number;
  errors: Record<string, string>;
  mine: boolean;
}

interface Given {
  found: CaseRow;
  history: History;
  place: Place | null;
  kind: Kind | null;
  typed: Refusal;
  /** somebody was faster: what was typed is shown apart */
  late: boolean;
}

/** Of a case that is not one's own: of that nothing is told. */
export function caseModel(ctx: SignedInContext, { found, history, place, kind, typed, late }: Given): CaseModel {
  const { t, format } = ctx;
  const to = (id: string | null) => id && `/moderation/${id}${kind ? `?kind=${kind}` : ''}`;
  const mine = isMine(ctx, found);
  const state = stateWords(ctx, found);
  const decidable = found.open && (mine || state === null);
  const cut = pieces(found.text ?? '');
  return {
    title: t(`moderation.case.title.${found.kind}`, { number: maskedNumber(found.phoneHint) }),
    id: found.id,
    kind: t(`moderation.kind.${found.kind}`),
    filter: kind ?? '',
    back: queuePath({ state: 'waiting', kind }),
    place:
      place && found.open
        ? t('moderation.case.place', { at: format.number(place.before + 1), total: format.number(place.total) })
        : null,
    previous: to(place?.previous ?? null),
    next: to(place?.next ?? null),
    text: textModel(ctx, found, cut),
    erased: found.text === null,
    face: history.face && faceModel(ctx, found, history.face),
    warnings: warnings(ctx, found.kind, cut, history),
    writer: {
      who: whoWrote(ctx, found),
      user: found.writer && `${found.writer} · ${found.writerEmail}`,
      at: format.dateTime(found.createdAt),
      ago: format.relative(found.createdAt),
    },
    records: records(ctx, found, history),
    others: history.others.map((other) => otherModel(ctx, other)),
    number: maskedNumber(found.phoneHint),
    rules: RULES[found.kind].map((rule) => t(`moderation.rule.${rule}`)),
    status: state === null ? null : { text: state, tone: mine ? 'mine' : found.open ? 'held' : 'over' },
    answer: found.answer,
    claim: decidable
      ? { label: t(mine ? 'moderation.case.keep' : 'moderation.case.claim', { count: LEASE_MINUTES }) }
      : null,
    release: mine,
    minutes: LEASE_MINUTES,
    form: decidable ? formModel(ctx, found.kind, typed, mine) : null,
    lost:
      late && typed.values.words
        ? { decision: t(`moderation.lost.${typed.values.decision}`), words: typed.values.words }
        : null,
  };
}

/** What a text of each kind is measured by (P-84 to P-87). */
const RULES: Record<Kind, readonly string[]> = {
  revision: ['objective', 'theirs', 'facts', 'signed', 'personal'],
  reply: ['answers', 'personal', 'language'],
  dispute: ['both', 'removed', 'words'],
};

function textModel(ctx: SignedInContext, { sentiment, reason, anonymous }: CaseRow, cut: readonly Piece[]): TextModel {
  const { t } = ctx;
  return {
    ...toneOf(ctx, sentiment),
    reason: reason && t(`reviews.reason.${reason}`),
    signed: anonymous === null ? null : t(`moderation.case.${anonymous ? 'unsigned' : 'signed'}`),
    pieces: cut.map(({ text, mark }) => ({ text, mark: mark && t(`moderation.mark.${mark}`) })),
  };
}

function faceModel(ctx: SignedInContext, { kind, author }: CaseRow, face: FaceRow): FaceModel {
  const { t, format } = ctx;
  const { sentiment, reason, text, signedAs, publishedAt, withdrawnAt, replyText, replyState } = face;
  const at = format.dateTime(publishedAt);
  return {
    title: t(`moderation.face.${withdrawnAt ? 'gone' : kind}`),
    ...toneOf(ctx, sentiment),
    reason: t(`reviews.reason.${reason}`),
    text,
    by: t(signedAs ? 'moderation.face.signed' : 'moderation.face.unsigned', { author: signedAs ?? author ?? '', at }),
    reply: kind !== 'reply' && replyState === 'published' ? replyText : null,
  };
}

function warnings(
  ctx: SignedInContext,
  kind: Kind,
  cut: readonly Piece[],
  { twins, flood, hidden }: History,
): CaseModel['warnings'] {
  const { t, format } = ctx;
  const plain = marksIn(cut).map((mark) => ({ text: t(`moderation.hint.${mark}`), links: [] }));
  const again = twins.map((twin) => ({
    path: `/moderation/${twin.id}`,
    text: `${twin.company ?? t('moderation.person')}, ${format.date(twin.createdAt)}`,
  }));
  const all = twins[0] ? [{ text: t('moderation.hint.again', { count: twins[0].total }), links: again }] : [];
  const much = flood >= FLOOD ? [{ text: t(`moderation.hint.flood.${kind}`, { count: flood }), links: [] }] : [];
  const out = hidden ? [{ text: t('moderation.hint.hidden'), links: [] }] : [];
  return [...plain, ...all, ...much, ...out];
}

function records(
  { t, format }: SignedInContext,
  { writer }: CaseRow,
  { companies, user }: History,
): CaseModel['records'] {
  const figures = (record: RecordRow) =>
    (['published', 'refused', 'changes', 'withdrawn', 'waiting'] as const).map((what) => ({
      label: t(`moderation.record.${what}`),
      value: format.number(record[what]),
    }));
  const gone = (removed: number) => ({ label: t('moderation.record.removed'), value: format.number(removed) });
  return [
    ...companies.map((each) => ({ of: each.name, figures: [...figures(each), gone(each.removed)] })),
    ...(user ? [{ of: writer ?? '', figures: figures(user) }] : []),
  ];
}

function otherModel(ctx: SignedInContext, other: CaseRow): OtherModel {
  const { t, format } = ctx;
  return {
    path: `/moderation/${other.id}`,
    kind: t(`moderation.kind.${other.kind}`),
    at: format.date(other.createdAt),
    by: other.own ? '' : whoWrote(ctx, other),
    ...toneOf(ctx, other.own ? null : other.sentiment),
    text: other.own ? t('moderation.own.text') : (other.text ?? t('moderation.case.erased')),
    outcome: other.decision ? t(`moderation.ending.${other.decision}`) : t('moderation.ending.waiting'),
  };
}

const BUTTONS = {
  published: { key: 'p', needs: null },
  refused: { key: 'r', needs: 'reason' },
  changes: { key: 'e', needs: 'words' },
  upheld: { key: 'p', needs: 'words' },
  rejected: { key: 'r', needs: 'words' },
} as const;

function formModel({ t }: SignedInContext, kind: Kind, { values, errors }: Refusal, mine: boolean): FormModel {
  const refusals = REFUSALS[kind] as readonly string[];
  return {
    buttons: DECISIONS[kind].map((value) => ({
      value,
      label: t(`moderation.decision.${value}`),
      ...BUTTONS[value],
      style: mine && value === 'published' ? 'btn-primary' : '',
    })),
    refusals:
      refusals.length === 0
        ? []
        : choices(['', ...refusals], values.reason ?? '', (code) => t(`moderation.reason.${code || 'choose'}.name`)),
    words: values.words ?? '',
    longest: LONGEST_ANSWER,
    errors,
    mine,
  };
}
