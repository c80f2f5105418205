import type { HeaderModel } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import type { Refusal } from '../web/form.ts';
import type { Paged } from '../web/pager.ts';
import type { MessageRow } from './sql.ts';
import type { Standing } from './standing.ts';
import { channelName, type OrderLink, orderLink } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'messages/thread': ThreadModel;
  }
}

interface ThreadModel extends Paged {
  title: string;
  header: HeaderModel;
  back: string;
  messages: {
    who: string;
    when: string;
    channel: string | null;
    text: string;
    ours: boolean;
    order: OrderLink;
    /** what has become of an answer that left from here */
    fate: { path: string; text: string; pill: string } | null;
  }[];
  reply: ReplyModel | null;
}

/** null of all: the person may not write, or this is no conversation that can be answered from here. */
interface ReplyModel {
  action: string;
  body: string;
  error: string | null;
  /** why nothing can be sent: there is no form then */
  silent: string | null;
  warning: string | null;
}

interface Loaded {
  name: string;
  header: HeaderModel;
  rows: readonly MessageRow[];
  standing: Standing | null;
  refusal: Refusal;
}

export function threadModel(
  ctx: CompanyContext,
  { name, header, rows, standing, refusal }: Loaded,
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
      channel: channelName(row, t),
      text: row.text,
      ours: row.direction === 'out',
      order: orderLink(row, t),
      fate: fateOf(ctx, row),
    })),
    reply: standing && replyModel(ctx, name, standing, refusal),
    ...place,
  };
}

function fateOf({ t }: CompanyContext, { campaign_id: id, delivery_state: state }: MessageRow) {
  if (!id || !state) return null;
  const pill = state === 'delivered' ? 'pill-good' : BAD.has(state) ? 'pill-bad' : '';
  return { path: `/sms/${id}`, text: t(`sms.delivery.${state}`), pill };
}

const BAD = new Set(['failed', 'undelivered', 'skipped', 'unknown']);

function replyModel(
  { t, req }: CompanyContext,
  name: string,
  standing: Standing,
  { values, errors }: Refusal,
): ReplyModel {
  const { silent, refused } = standing;
  return {
    action: `${req.path}?${new URLSearchParams({ thread: name })}`,
    body: values.body ?? '',
    error: errors.body ?? null,
    silent: silent && t(silent === 'hand' ? 'sms.one.blocked' : 'sms.one.stop'),
    warning: refused ? t('messages.reply.refused') : null,
  };
}
