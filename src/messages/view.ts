import type { HeaderModel } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Paged } from '../web/pager.ts';
import type { MessageRow, ThreadRow } from './messages.ts';

declare module '../web/views.ts' {
  interface Views {
    'messages/tab': TabModel;
    'messages/thread': ThreadModel;
  }
}

type OrderLink = { path: string; text: string } | null;

interface TabModel extends Paged {
  title: string;
  header: HeaderModel;
  threads: {
    path: string;
    text: string;
    when: string;
    facts: string;
    waits: boolean;
    order: OrderLink;
  }[];
}

export function tabModel(ctx: CompanyContext, header: HeaderModel, rows: readonly ThreadRow[], place: Paged): TabModel {
  const { t, format, req } = ctx;
  return {
    title: t('messages.tab.title', { name: header.name }),
    header,
    threads: rows.map((row) => ({
      path: `${req.path}?${new URLSearchParams({ thread: row.thread })}`,
      text: row.direction === 'out' ? t('messages.you', { text: row.text }) : row.text,
      when: format.dateTime(row.last_at),
      facts: [t('messages.count', { count: Number(row.messages) }), row.channel].filter(Boolean).join(' · '),
      waits: row.direction === 'in',
      order: orderLink(row, t),
    })),
    ...place,
  };
}

interface ThreadModel extends Paged {
  title: string;
  header: HeaderModel;
  back: string;
  messages: { who: string; when: string; channel: string | null; text: string; ours: boolean; order: OrderLink }[];
}

export function threadModel(
  ctx: CompanyContext,
  header: HeaderModel,
  rows: readonly MessageRow[],
  place: Paged,
): ThreadModel {
  const { t, format, req, company } = ctx;
  return {
    title: t('messages.tab.title', { name: header.name }),
    header,
    back: req.path,
    messages: rows.map((row) => ({
      who: row.direction === 'out' ? company.name : (row.name ?? header.name),
      when: format.dateTime(row.at),
      channel: row.channel,
      text: row.text,
      ours: row.direction === 'out',
      order: orderLink(row, t),
    })),
    ...place,
  };
}

const orderLink = (row: { order_id: string | null; order_number: string | null }, t: CompanyContext['t']): OrderLink =>
  row.order_id ? { path: `/orders/${row.order_id}`, text: t('messages.order', { number: row.order_number }) } : null;
