import { formatPhone } from '../kernel/phone.ts';
import { type EditorModel, editorModel, type Tagged } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { nameOf } from './row-view.ts';
import type { CustomerRow } from './sql.ts';

/** The top of every tab of a customer's page; partial `customers/header`. */
export interface HeaderModel {
  name: string;
  phone: { text: string; link: string } | null;
  email: { text: string; link: string } | null;
  facts: { icon: string; text: string }[];
  tags: EditorModel;
  /** address of the form that changes the customer; null: the person may not */
  edit: string | null;
  /** where one writes to the customer; null: the person may not, or is there already */
  write: string | null;
  tabs: { label: string; count: string | null; path: string; current: boolean }[];
}

export type Tab =
  | 'general'
  | 'orders'
  | 'messages'
  | 'sms'
  | 'feedback'
  | 'reviews'
  | 'segments'
  | 'consents'
  | 'identity'
  | 'history';

export const tabPath = (id: string, tab: Tab) => `/customers/${id}${tab === 'general' ? '' : `/${tab}`}`;

export function headerModel(ctx: CompanyContext, customer: CustomerRow, current: Tab, tagged: Tagged): HeaderModel {
  const { t, format } = ctx;
  const { id, phones, emails, gender, region, first_activity_at: first, last_activity_at: last } = customer;
  const [phone, email] = [phones[0], emails[0]];
  const counts = { orders: customer.orders_count, messages: customer.threads_count, feedback: customer.feedback_count };
  const tab = (name: Tab, count: bigint | null) => ({
    label: t(`customers.tab.${name}`),
    count: count === null ? null : format.number(count),
    path: tabPath(id, name),
    // Consents are a page of the first tab's box.
    current: name === (current === 'consents' ? 'general' : current),
  });
  return {
    name: nameOf(customer, { t }),
    phone: phone ? { text: formatPhone(phone), link: `tel:${phone}` } : null,
    email: email ? { text: email, link: `mailto:${encodeURIComponent(email)}` } : null,
    facts: [
      ...(region ? [{ icon: 'map-pin', text: region }] : []),
      ...(gender ? [{ icon: 'user', text: t(`customers.gender.${gender}`) }] : []),
      ...(first && last ? [{ icon: 'clock', text: activity(first, last) }] : []),
    ],
    edit: ctx.may('customers:write') ? `/customers/${id}/edit` : null,
    write: ctx.may('campaigns:send') && phone && current !== 'sms' ? tabPath(id, 'sms') : null,
    tags: editorModel(ctx, `/customers/${id}`, id, tagged),
    tabs: [
      tab('general', null),
      tab('orders', counts.orders),
      tab('messages', counts.messages),
      tab('sms', null),
      tab('feedback', counts.feedback),
      tab('reviews', customer.reviews_count),
      tab('segments', null),
      tab('identity', null),
      tab('history', null),
    ],
  };

  function activity(from: Date, to: Date): string {
    const [since, latest] = [format.date(from), format.date(to)];
    return since === latest ? t('customers.activeOn', { day: since }) : t('customers.activeBetween', { since, latest });
  }
}
