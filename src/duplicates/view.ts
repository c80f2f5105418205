import { contactValue, contactWords, nameOf } from '../customers/customers.ts';
import { formatPhone } from '../kernel/phone.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Counts, Question, SearchRow } from './duplicates.ts';
import { type FaceModel, faceModel } from './face-view.ts';
import type { Face } from './faces.ts';
import { oneDigitApart } from './near/digit.ts';
import type { PairRow, ProposalRow } from './sql.ts';
import { REASONS } from './sql.ts';
import { type Tab, tabsOf } from './tabs.ts';

declare module '../web/views.ts' {
  interface Views {
    'duplicates/list': ListModel;
  }
}

interface ListModel {
  tabs: Tab[];
  filters: { label: string; count: string; path: string; current: boolean }[];
  pairs: PairModel[];
  proposals: ProposalModel[];
  /** the step that was just taken, which can be taken back */
  taken: string | null;
  canWrite: boolean;
  /** when it was last looked, and what came of it */
  search: { text: string; isRunning: boolean };
  older: string | null;
  newest: string | null;
  empty: { title: string; text: string };
}

interface PairModel {
  id: string;
  title: string;
  reason: string;
  proof: string;
  order: { path: string; text: string } | null;
  since: string;
  putOff: string | null;
  faces: FaceModel[];
  merge: string;
}

export interface ProposalModel {
  id: string;
  contact: string;
  icon: string;
  names: string;
  customer: { path: string; name: string };
  path: string;
}

interface Loaded {
  pairs: readonly PairRow[];
  more: boolean;
  counts: Counts;
  faces: ReadonlyMap<string, Face>;
  proposals: readonly ProposalRow[];
  search: SearchRow | null;
  taken: string | null;
}

export function listModel(ctx: CompanyContext, question: Question, loaded: Loaded): ListModel {
  const { t } = ctx;
  const { pairs, more, counts } = loaded;
  const last = pairs.at(-1);
  const nothing = question.later ? 'later' : question.reason ? 'reason' : 'none';
  return {
    tabs: tabsOf(ctx, 'pairs'),
    filters: filters(ctx, question, counts),
    pairs: pairs.flatMap((pair) => pairModel(ctx, pair, loaded.faces) ?? []),
    proposals:
      question.before || question.later || question.reason
        ? []
        : loaded.proposals.map((row) => proposalModel(ctx, row)),
    taken: loaded.taken,
    canWrite: ctx.may('customers:write'),
    search: searchModel(ctx, loaded.search),
    older: more && last ? address({ ...question, before: last.id }) : null,
    newest: question.before ? address({ ...question, before: null }) : null,
    empty: { title: t(`duplicates.empty.${nothing}.title`), text: t(`duplicates.empty.${nothing}.text`) },
  };
}

function filters({ t, format }: CompanyContext, question: Question, counts: Counts): ListModel['filters'] {
  const filter = (label: string, count: number, reason: Question['reason'], later: boolean) => ({
    label,
    count: format.number(count),
    path: address({ reason, later, before: null }),
    current: question.reason === reason && question.later === later,
  });
  const reasons = REASONS.filter((reason) => counts.of[reason] > 0 || question.reason === reason);
  return [
    filter(t('duplicates.filter.all'), counts.all, null, false),
    ...reasons.map((reason) => filter(t(`duplicates.filter.${reason}`), counts.of[reason], reason, false)),
    ...(counts.later > 0 || question.later ? [filter(t('duplicates.filter.later'), counts.later, null, true)] : []),
  ];
}

function address({ reason, later, before }: Question): string {
  const params = new URLSearchParams({
    ...(reason ? { reason } : {}),
    ...(later ? { later: '1' } : {}),
    ...(before ? { before } : {}),
  });
  return params.size > 0 ? `/duplicates?${params}` : '/duplicates';
}

function pairModel(ctx: CompanyContext, pair: PairRow, faces: ReadonlyMap<string, Face>): PairModel | null {
  const { t, format } = ctx;
  const [one, other] = [faces.get(pair.customer_id), faces.get(pair.other_id)];
  if (!one || !other) return null;
  const twins = pair.reason === 'digit' ? twinPhones(one, other) : null;
  const marked = twins ?? (pair.because_value === null ? [] : [pair.because_value]);
  const names = { one: nameOf(one.customer, ctx), other: nameOf(other.customer, ctx) };
  return {
    id: pair.id,
    title: t('duplicates.pair.title', names),
    reason: t(`duplicates.filter.${pair.reason}`),
    proof: proof(ctx, pair, one, twins),
    order: pair.order_id
      ? { path: `/orders/${pair.order_id}`, text: t('customers.general.namesBoth', { number: pair.order_number }) }
      : null,
    since: t('duplicates.pair.since', { at: format.relative(pair.created_at) }),
    putOff: pair.put_off_at
      ? t(pair.put_off_by === null ? 'duplicates.pair.putOff' : 'duplicates.pair.putOffBy', {
          name: pair.put_off_by,
          at: format.dateTime(pair.put_off_at),
        })
      : null,
    faces: [one, other].map((face) => faceModel(ctx, face, { marked })),
    merge: `/duplicates/merge?ids=${one.customer.id}&ids=${other.customer.id}`,
  };
}

function proof(ctx: CompanyContext, pair: PairRow, one: Face, twins: string[] | null): string {
  const { t } = ctx;
  const { name, region } = one.customer;
  const contact =
    pair.because_kind && pair.because_value ? contactWords(pair.because_kind, pair.because_value, ctx) : '';
  if (pair.reason === 'name') return t('duplicates.proof.name', { name: name.trim(), region: region ?? '' });
  if (pair.reason === 'digit' && twins) {
    const [first = '', second = ''] = twins.map(formatPhone);
    return t('duplicates.proof.digit', { first, second });
  }
  return pair.reason === 'digit' ? t('duplicates.proof.digitGone') : t(`duplicates.proof.${pair.reason}`, { contact });
}

/** The two numbers that differ in one digit; null: one of them is not there any more. */
function twinPhones(one: Face, other: Face): string[] | null {
  const phones = ({ contacts }: Face) => contacts.filter(({ kind }) => kind === 'phone').map(({ value }) => value);
  for (const first of phones(one)) {
    const second = phones(other).find((phone) => oneDigitApart(first, phone));
    if (second) return [first, second];
  }
  return null;
}

const ICONS = { account: 'user', phone: 'phone', email: 'mail' } as const;

export function proposalModel(ctx: CompanyContext, row: ProposalRow): ProposalModel {
  const { t, format } = ctx;
  return {
    id: row.id,
    contact: contactValue(row.kind, row.value),
    icon: ICONS[row.kind],
    names: t('duplicates.sharing.names', { count: Number(row.names), names: format.number(row.names) }),
    customer: { path: `/customers/${row.customer_id}`, name: row.customer_name || t('customers.noName') },
    path: `/duplicates/sharing?${new URLSearchParams({ kind: row.kind, value: row.value })}`,
  };
}

function searchModel({ t, format }: CompanyContext, search: SearchRow | null): ListModel['search'] {
  const isRunning = search !== null && (search.finished_at === null || search.finished_at < search.asked_at);
  if (isRunning) return { isRunning, text: t('duplicates.search.running') };
  if (!search?.finished_at) return { isRunning, text: t('duplicates.search.never') };
  const found = t('duplicates.search.found', { count: Number(search.found) });
  return { isRunning, text: `${t('duplicates.search.last', { at: format.relative(search.finished_at) })} ${found}` };
}
