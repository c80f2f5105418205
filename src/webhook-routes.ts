import * as channel from './sms/webhooks/channel-status.ts';
import * as inbound from './sms/webhooks/inbound.ts';
import * as status from './sms/webhooks/status.ts';
import type { Route } from './web/context.ts';

/** What providers tell us, under their signatures. */
export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/webhooks/twilio/status', permission: 'webhook', handler: status.twilioStatus },
  { method: 'POST', path: '/webhooks/twilio/inbound', permission: 'webhook', handler: inbound.twilioInbound },
  { method: 'POST', path: '/webhooks/messages/status', permission: 'webhook', handler: channel.channelStatus },
];
