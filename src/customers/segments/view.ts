import {
  type Condition,
  describe,
  type FieldKey,
  isGroup,
  nameOf,
  type Reason,
  type Segment,
  sentence,
  type Verdict,
  type Words,
} from '../../segments/segments.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { HeaderModel } from '../header-view.ts';
import type { CustomerRow } from '../sql.ts';
import type { Visit } from '../visit.ts';

declare module '../../web/views.ts' {
  interface Views {
    'customers/segments': SegmentsModel;
  }
}

interface SegmentsModel {
  title: string;
  header: HeaderModel;
  segments: {
    name: string;
    path: string;
    sentence: string;
    inside: boolean;
    verdict: string;
    reasons: ReasonModel[];
  }[];
}

/** partial `customers/reason` */
interface ReasonModel {
  holds: boolean;
  /** said to who does not see the colour */
  answer: string;
  text: string;
  /** what this customer has instead, or too */
  own: string | null;
  reasons: ReasonModel[];
}

interface Loaded {
  segments: readonly Segment[];
  verdicts: readonly Verdict[];
  names: ReadonlyMap<string, string>;
  /** names of the customer's own */
  tags: readonly string[];
  /** what the customer said about SMS */
  consent: 'yes' | 'no' | 'none';
}

type Own = Pick<Loaded, 'tags' | 'consent'>;

export function segmentsModel(ctx: CompanyContext, { customer, header, loaded }: Visit<Loaded>): SegmentsModel {
  const { t, company } = ctx;
  const words = { ...ctx, tags: loaded.names };
  return {
    title: header.name,
    header,
    segments: loaded.segments.flatMap((segment, at) => {
      const verdict = loaded.verdicts[at];
      if (!verdict) return [];
      const { inside, reasons } = verdict;
      return {
        name: nameOf(segment, t),
        path: segment.key === 'all' ? '/customers' : `/customers?segment=${segment.key}`,
        sentence: sentence(segment.filter ?? [], words, company),
        inside,
        verdict: t(inside ? 'segments.why.inside' : 'segments.why.outside'),
        reasons: reasons.map((reason) => reasonModel(ctx, words, reason, customer, loaded)),
      };
    }),
  };
}

function reasonModel(
  ctx: CompanyContext,
  words: Words,
  { part, holds, reasons }: Reason,
  customer: CustomerRow,
  own: Own,
): ReasonModel {
  const { t, company } = ctx;
  return {
    holds,
    answer: t(holds ? 'segments.why.yes' : 'segments.why.no'),
    text: isGroup(part) ? t(`segments.why.join.${part.join}`) : describe(part, words, company),
    own: isGroup(part) ? null : t('segments.why.own', { value: ownValue(ctx, part, customer, own) }),
    reasons: reasons.map((reason) => reasonModel(ctx, words, reason, customer, own)),
  };
}

function ownValue(ctx: CompanyContext, { field }: Condition, customer: CustomerRow, { tags, consent }: Own): string {
  const { t, format, locale, company } = ctx;
  const date = (at: Date | null) => (at ? format.date(at) : t('segments.why.never'));
  const values: Record<FieldKey, () => string> = {
    activity: () => date(customer.last_activity_at),
    activities: () => format.number(customer.activities_count),
    orders: () => format.number(customer.orders_count),
    orders_total: () => format.money(customer.sum_all, company.currency),
    last_order: () => date(customer.last_order_at),
    messages: () => format.number(customer.threads_count),
    message: () => messages(customer, ctx),
    feedback: () => feedback(customer, ctx),
    gender: () => t(`segments.choices.gender.${customer.gender ?? 'unknown'}`),
    region: () => customer.region ?? t('segments.why.noRegion'),
    tag: () => (tags.length > 0 ? new Intl.ListFormat(locale).format(tags) : t('segments.tag.none')),
    reviews: () => format.number(customer.reviews_count),
    consent: () => t(`segments.choices.consent.${consent}`),
  };
  return values[field]();
}

function messages(
  { threads_count: threads, unanswered_count: unanswered }: CustomerRow,
  { t }: CompanyContext,
): string {
  if (threads === 0n) return t('segments.choices.message.none');
  return t(`segments.choices.message.${unanswered > 0n ? 'unanswered' : 'written'}`);
}

function feedback(customer: CustomerRow, { t, format }: CompanyContext): string {
  const counts = { good: customer.feedback_good, neutral: customer.feedback_neutral, bad: customer.feedback_bad };
  const texts = Object.entries(counts).flatMap(([kind, n]) =>
    n > 0n ? [`${t(`segments.choices.feedback.${kind}`)}: ${format.number(n)}`] : [],
  );
  return texts.length > 0 ? texts.join(', ') : t('segments.choices.feedback.none');
}
