import type { CompanyContext } from '../../web/context.ts';
import type { Channel } from '../draft/draft.ts';

/** What one should know of a channel that is not set up; null: it is. */
export function keptNote({ t, services }: Pick<CompanyContext, 't' | 'services'>, channel: Channel): string | null {
  const { config } = services;
  const isSetUp = channel === 'sms' ? config.twilio : config[channel];
  return isSetUp ? null : t('sms.draft.notSetUp', { channel: t(`sms.channel.${channel}`) });
}
