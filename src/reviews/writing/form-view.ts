import { formatPhone } from '../../kernel/phone.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { Choice, Refusal } from '../../web/form.ts';
import { choices } from '../../web/form.ts';
import { REASONS, SENTIMENTS } from '../reasons.ts';
import type { NumberRow, OwnRow } from '../tab/tab.ts';
import { writable } from '../tab/view.ts';
import { FACTS, LONGEST } from './input.ts';

declare module '../../web/views.ts' {
  interface Views {
    'reviews/form': FormModel;
  }
}

interface FormModel {
  title: string;
  back: string;
  action: string;
  submit: string;
  /** what becomes of it */
  text: string;
  /** null: the number stands firm, or there is none to write about */
  phones: Choice[] | null;
  /** the only number there is to choose */
  phone: { value: string; text: string } | null;
  /** why nothing can be written; null: something can */
  impossible: string | null;
  revision: string | null;
  /** what somebody else of the company wrote since the form was opened */
  newer: { text: string; by: string } | null;
  sentiments: (Choice & { text: string })[];
  reasons: { label: string; reasons: Choice[] }[];
  values: { text: string; anonymous: boolean };
  signed: string;
  longest: number;
  facts: string;
  errors: Record<string, string>;
}

interface Who {
  id: string;
  name: string;
}

export function formModel(
  ctx: CompanyContext,
  customer: Who,
  { numbers, own }: { numbers: readonly NumberRow[]; own: readonly OwnRow[] },
  refusal: Refusal,
): FormModel {
  const { t } = ctx;
  const open = writable(numbers, own).map(({ phone }) => phone);
  const [only] = open;
  return {
    ...common(ctx, customer, refusal.values, refusal.errors),
    title: t('reviews.form.title', { name: customer.name }),
    action: tabOf(customer),
    submit: t('reviews.form.submit'),
    text: t('reviews.form.text'),
    phones: open.length > 1 ? choices(open, refusal.values.phone ?? only, formatPhone) : null,
    phone: open.length === 1 && only !== undefined ? { value: only, text: formatPhone(only) } : null,
    impossible:
      only === undefined ? t(`reviews.form.${numbers.some(({ dealt }) => dealt) ? 'written' : 'noDealing'}`) : null,
    revision: null,
    newer: null,
  };
}

/** As it was written last, unless somebody typed meanwhile. */
export function correctionModel(
  ctx: CompanyContext,
  customer: Who,
  own: OwnRow,
  { values, errors }: Refusal,
): FormModel {
  const { t } = ctx;
  const { sentiment, reason, text, anonymous } = own;
  const typed = Object.keys(errors).length > 0;
  const written = { sentiment, reason, text, ...(anonymous ? { anonymous: 'on' } : {}) };
  const isNewer = typed && values.revision !== own.revision_id;
  return {
    ...common(ctx, customer, typed ? values : written, errors),
    title: t('reviews.form.correctionTitle', { name: customer.name }),
    action: `${tabOf(customer)}/${own.id}/correction`,
    submit: t('reviews.form.submitCorrection'),
    text: t(`reviews.form.${own.state === 'published' ? 'correctionText' : 'text'}`),
    phones: null,
    phone: { value: '', text: t('reviews.number', { hint: own.phone_hint }) },
    impossible: null,
    revision: own.revision_id,
    newer: isNewer ? { text, by: own.user_name ?? '' } : null,
  };
}

const tabOf = ({ id }: Who) => `/customers/${id}/reviews`;

function common(
  { t, company }: CompanyContext,
  customer: Who,
  values: Record<string, string>,
  errors: Record<string, string>,
) {
  return {
    back: tabOf(customer),
    sentiments: choices(SENTIMENTS, values.sentiment, (value) => t(`reviews.sentiment.${value}`)).map((choice) => ({
      ...choice,
      text: t(`reviews.form.sentiment.${choice.value}`),
    })),
    reasons: SENTIMENTS.map((sentiment) => ({
      label: t(`reviews.sentiment.${sentiment}`),
      reasons: choices(REASONS[sentiment], values.reason, (reason) => t(`reviews.reason.${reason}`)),
    })),
    values: { text: values.text ?? '', anonymous: values.anonymous === 'on' },
    signed: t('reviews.form.anonymous', { company: company.name }),
    longest: LONGEST,
    facts: t('reviews.form.facts', { count: FACTS }),
    errors,
  };
}
