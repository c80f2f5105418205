import type { HeaderModel } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Paged } from '../web/pager.ts';
import type { ThreadRow } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'messages/tab': TabModel;
  }
}

export type OrderLink = { path: string; text: string } | null;

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
      facts: [t('messages.count', { count: Number(row.messages) }), channelName(row, t)].filter(Boolean).join(' · '),
      waits: row.direction === 'in',
      order: orderLink(row, t),
    })),
    ...place,
  };
}

/** `SMS`, `Viber`; another one as it was brought in. */
export function channelName({ channel }: { channel: string | null }, t: CompanyContext['t']): string | null {
  const key = CHANNELS.find((each) => each === channel?.toLowerCase());
  return key ? t(`sms.channel.${key}`) : channel;
}

const CHANNELS = ['sms', 'viber', 'messenger'] as const;

export const orderLink = (
  row: { order_id: string | null; order_number: string | null },
  t: CompanyContext['t'],
): OrderLink =>
  row.order_id ? { path: `/orders/${row.order_id}`, text: t('messages.order', { number: row.order_number }) } : null;
