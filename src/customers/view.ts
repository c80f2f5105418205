import type { CompanyContext } from '../web/context.ts';
import { type AddressModel, addressModels, type Known } from './consents/view.ts';
import { contactValue, contactWords } from './contact-view.ts';
import type { HeaderModel } from './header-view.ts';
import { unconverted } from './row-view.ts';
import type { ContactRow, CustomerRow, DuplicateRow, PrivateRow } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'customers/general': GeneralModel;
  }
}

interface GeneralModel {
  title: string;
  header: HeaderModel;
  duplicates: {
    path: string;
    name: string;
    orders: string;
    proof: string;
    order: { path: string; text: string } | null;
    /** where they are laid side by side; null: the person may not merge */
    compare: string | null;
  }[];
  contacts: {
    icon: string;
    kind: string;
    value: string;
    link: string | null;
    given: string | null;
    channels: string;
    shared: boolean;
  }[];
  /** who may be written to, and where that is changed */
  addresses: AddressModel[];
  consents: string;
  /** how else the customer is reached (P-62) */
  otherChannels: string;
  /** paragraphs of the company's own note (P-65) */
  note: string[];
  figures: Figure[];
  sums: { rows: Figure[]; unconverted: string[] };
  dates: Figure[];
  /** where everything about the customer is put into a file; null: the person may not */
  copy: string | null;
}

interface Figure {
  label: string;
  value: string;
  hint?: string;
  path?: string;
}

interface Loaded {
  contacts: readonly ContactRow[];
  duplicates: readonly DuplicateRow[];
  aside: PrivateRow;
  known: Known;
}

export function generalModel(
  ctx: CompanyContext,
  customer: CustomerRow,
  header: HeaderModel,
  loaded: Loaded,
): GeneralModel {
  return {
    title: header.name,
    header,
    duplicates: loaded.duplicates.map((row) => duplicate(customer.id, row, ctx)),
    contacts: loaded.contacts.map(contact(ctx)),
    addresses: addressModels(ctx, customer.id, loaded.known),
    consents: `/customers/${customer.id}/consents`,
    otherChannels: loaded.aside.other_channels,
    note: loaded.aside.note.split('\n').filter((line) => line.trim() !== ''),
    figures: figures(customer, ctx),
    sums: { rows: sums(customer, ctx), unconverted: unconverted(customer, ctx) },
    dates: dates(customer, ctx),
    copy: ctx.may('settings:manage') ? `/customers/${customer.id}/copy` : null,
  };
}

function duplicate(customerId: string, row: DuplicateRow, ctx: CompanyContext): GeneralModel['duplicates'][number] {
  const { t } = ctx;
  const proof = row.because_kind && row.because_value ? contactWords(row.because_kind, row.because_value, ctx) : null;
  return {
    path: `/customers/${row.other_id}`,
    name: row.other_name || t('customers.noName'),
    orders: t('customers.general.ordersOf', { count: Number(row.other_orders) }),
    proof:
      proof && row.reason === 'arrival'
        ? t('customers.general.proof', { contact: proof })
        : t(`duplicates.filter.${row.reason}`),
    order: row.order_id
      ? { path: `/orders/${row.order_id}`, text: t('customers.general.namesBoth', { number: row.order_number }) }
      : null,
    compare: ctx.may('customers:write') ? `/duplicates/merge?ids=${customerId}&ids=${row.other_id}` : null,
  };
}

const ICONS = { account: 'user', phone: 'phone', email: 'mail' } as const;

function contact({ t }: CompanyContext): (row: ContactRow) => GeneralModel['contacts'][number] {
  return ({ kind, value, given, channels, shared }) => ({
    icon: ICONS[kind],
    kind: t(`customers.kind.${kind}`),
    value: contactValue(kind, value),
    link: kind === 'phone' ? `tel:${value}` : kind === 'email' ? `mailto:${encodeURIComponent(value)}` : null,
    // The spelling people used, where it says more than the contact itself.
    given: [value, contactValue(kind, value)].includes(given.trim()) ? null : t('customers.general.given', { given }),
    channels: channels.map((channel) => t(`customers.channel.${channel}`)).join(', '),
    shared,
  });
}

function figures(customer: CustomerRow, { t, format }: CompanyContext): Figure[] {
  const figure = (label: string, n: bigint, tab?: string): Figure => ({
    label: t(`customers.general.${label}`),
    value: format.number(n),
    ...(tab && n > 0n ? { path: `/customers/${customer.id}/${tab}` } : {}),
  });
  return [
    figure('orders', customer.orders_count, 'orders'),
    figure('threads', customer.threads_count, 'messages'),
    figure('unanswered', customer.unanswered_count, 'messages'),
    figure('feedback', customer.feedback_count, 'feedback'),
    figure('feedbackGood', customer.feedback_good),
    figure('feedbackNeutral', customer.feedback_neutral),
    figure('feedbackBad', customer.feedback_bad),
  ];
}

function sums(customer: CustomerRow, { t, format, company }: CompanyContext): Figure[] {
  const sum = (name: 'all' | 'paid' | 'open' | 'cancelled'): Figure => ({
    label: t(`customers.sum.${name}`),
    hint: t(`customers.sumHint.${name}`),
    value: format.money(customer[`sum_${name}`], company.currency),
  });
  return [sum('all'), sum('paid'), sum('open'), sum('cancelled')];
}

function dates(customer: CustomerRow, { t, format }: CompanyContext): Figure[] {
  const date = (label: string, at: Date | null): Figure => ({
    label: t(`customers.general.${label}`),
    value: at ? format.dateTime(at) : t('customers.general.never'),
    ...(at ? { hint: format.relative(at) } : {}),
  });
  return [
    date('firstActivity', customer.first_activity_at),
    date('lastActivity', customer.last_activity_at),
    date('firstOrder', customer.first_order_at),
    date('lastOrder', customer.last_order_at),
    date('added', customer.created_at),
  ];
}
