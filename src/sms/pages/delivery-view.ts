import { formatPhone } from '../../kernel/phone.ts';
import type { DeliveryRow, State } from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { isGivenUp } from '../reconcile/settings.ts';
import { partsText } from './parts-view.ts';
import { reasonText } from './reason-view.ts';

/** One message of the report. */
export interface DeliveryModel {
  id: string;
  who: { name: string; path: string | null };
  phone: string;
  /** named where it is not SMS, or the second try */
  channel: string | null;
  state: string;
  pill: string;
  why: string | null;
  body: string;
  parts: string;
  when: string;
}

const PILLS: Record<State, string> = {
  planned: '',
  claimed: '',
  calling: 'pill-warn',
  accepted: 'pill-warn',
  delivered: 'pill-good',
  undelivered: 'pill-bad',
  failed: 'pill-bad',
  skipped: '',
  unknown: 'pill-warn',
};

const isKept = ({ state, sid }: Pick<DeliveryRow, 'state' | 'sid'>) =>
  state === 'accepted' && sid !== null && sid.startsWith('outbox:');

export const deliveryState = ({ t }: Pick<CompanyContext, 't'>, row: Pick<DeliveryRow, 'state' | 'sid'>) =>
  isKept(row)
    ? { state: t('sms.delivery.kept'), pill: '' }
    : { state: t(`sms.delivery.${row.state}`), pill: PILLS[row.state] };

export function deliveryModel(ctx: CompanyContext, row: DeliveryRow): DeliveryModel {
  const { t, format } = ctx;
  return {
    id: row.id,
    who: {
      name: row.customer_name || (row.address ? formatPhone(row.address) : t('sms.show.nobody')),
      path: row.customer_id && `/customers/${row.customer_id}`,
    },
    phone: row.address ? formatPhone(row.address) : '',
    channel:
      row.channel === 'sms' && !row.first_id
        ? null
        : t(row.first_id ? 'sms.show.second' : `sms.channel.${row.channel}`),
    ...deliveryState(ctx, row),
    why: whyOf(ctx, row),
    body: row.body,
    parts: row.parts > 0n ? partsText(ctx, row.channel, Number(row.parts)) : '',
    when: format.dateTime(row.settled_at ?? row.accepted_at ?? row.called_at ?? row.due_at),
  };
}

/** null: there is nothing to explain */
export function whyOf(ctx: Pick<CompanyContext, 't' | 'now'>, row: DeliveryRow): string | null {
  if (isKept(row)) return ctx.t('sms.show.keptWhy', { channel: ctx.t(`sms.channel.${row.channel}`) });
  if (row.state === 'skipped') return reasonText(ctx, row.reason);
  if (row.state === 'failed' || row.state === 'undelivered') return reasonText(ctx, row.error_code ?? row.reason);
  if (row.state !== 'unknown') return null;
  return ctx.t(isGivenUp(row.called_at, ctx.now) ? 'sms.show.unknownForGood' : 'sms.show.unknownWhy');
}

/** `Viber, then SMS` */
export function channelText(
  { t }: Pick<CompanyContext, 't'>,
  { channel, fallback }: Pick<CampaignRow, 'channel' | 'fallback'>,
) {
  const name = t(`sms.channel.${channel}`);
  return fallback ? t('sms.show.thenSms', { channel: name }) : name;
}
