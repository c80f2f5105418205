import type { Channel } from '../../ledger/ledger.ts';
import type { Config } from '../../platform/config.ts';
import type { Texter } from '../../platform/sms.ts';
import type { Services } from '../../web/services.ts';
import { deliveryToken } from '../token.ts';
import type { Bench } from './settings.ts';

/** How what goes by one channel leaves. */
export interface Transport {
  texter: Texter;
  /** what its pace is kept under, and what the delivery remembers as its sender */
  sender: string;
  /** null: the channel's own */
  from: string | null;
}

/**
 * `sender`: the campaign's, as it was frozen at launch: a number, a name, or a messaging service (MG…), which chooses a number itself;
 * null: the portal's own. null: the channel is not set up.
 */
export function transportOf({ channels, services }: Bench, channel: Channel, sender: string | null): Transport | null {
  const texter = channels[channel];
  if (!texter) return null;
  return { texter, sender: addressOf(services.config, channel, sender), from: channel === 'sms' ? sender : null };
}

/** What it leaves from. `sender`: the campaign's; null: the portal's own. */
export function addressOf(config: Config, channel: Channel, sender: string | null): string {
  if (channel === 'sms') return sender ?? usualSender(config);
  return `${channel}:${config[channel]?.from ?? ''}`;
}

function usualSender({ twilio }: Config): string {
  if (!twilio) return 'sms';
  return 'from' in twilio.sender ? twilio.sender.from : twilio.sender.messagingServiceSid;
}

/**
 * Where the provider tells what becomes of a delivery: Twilio at its webhook, a channel's own API at another. null: Twilio could not
 * reach this machine, and refuses such an address.
 */
export function callbackOf(
  { config, secrets }: Pick<Services, 'config' | 'secrets'>,
  companyId: string,
  { id, channel }: { id: string; channel: Channel },
): string | null {
  const token = deliveryToken(secrets.sessionSecret, companyId, id);
  const ownApi = channel !== 'sms' && config[channel]?.by === 'http';
  if (ownApi) return `${config.publicUrl}/webhooks/messages/status?d=${token}`;
  if (isHome(config.publicUrl) && !config.twilio?.apiUrl) return null;
  return `${config.publicUrl}/webhooks/twilio/status?d=${token}`;
}

function isHome(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
