import type { Provider } from '../../platform/sms.ts';
import type { Round } from './round.ts';
import type { OpenRow } from './sql.ts';

/** Whom to ask about a channel, and what it calls a number there. */
export interface Source {
  provider: Provider;
  addressOf(e164: string): string;
}

/** null: there is nobody to ask */
export function sourceOf({ channels, services }: Round, channel: OpenRow['channel']): Source | null {
  const provider = channels.sms;
  if (!provider) return null;
  if (channel === 'sms') return { provider, addressOf: (e164) => e164 };
  const byTwilio = services.config[channel]?.by === 'twilio';
  return byTwilio ? { provider, addressOf: (e164) => `${channel}:${e164}` } : null;
}

/** The channels that can be asked about. */
export const channelsOf = (round: Round) =>
  (['sms', 'viber', 'messenger'] as const).filter((channel) => sourceOf(round, channel) !== null);
