import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';
import { moneyOf } from './money-view.ts';

type Way = Pick<CampaignRow, 'channel' | 'fallback'>;

/** What it costs at most. `unpriced`: the channel itself has no known price for any of the recipients; an SMS in its place may have one. */
export function costModel(ctx: CompanyContext, { channel, fallback }: Way, ceilingMicros: bigint, unpriced: boolean) {
  const { t } = ctx;
  if (!unpriced) return { value: moneyOf(ctx, ceilingMicros), hint: null };
  if (!fallback || ceilingMicros === 0n) return { value: t('sms.draft.noPrice'), hint: null };
  return {
    value: t('sms.draft.upTo', { cost: moneyOf(ctx, ceilingMicros) }),
    hint: t('sms.draft.ifAllSms', { channel: t(`sms.channel.${channel}`) }),
  };
}
