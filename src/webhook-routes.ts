import * as stop from './sms/stop/pages.ts';
import * as channel from './sms/webhooks/channel-status.ts';
import * as inbound from './sms/webhooks/inbound.ts';
import * as status from './sms/webhooks/status.ts';
import type { Route } from './web/context.ts';

const code = { code: 'token' } as const;

/** What providers tell us, under their signatures; and where the address in a message leads, whose code proves whose number it is. */
export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/webhooks/twilio/status', permission: 'webhook', handler: status.twilioStatus },
  { method: 'POST', path: '/webhooks/twilio/inbound', permission: 'webhook', handler: inbound.twilioInbound },
  { method: 'POST', path: '/webhooks/messages/status', permission: 'webhook', handler: channel.channelStatus },
  { method: 'GET', path: '/u/:code', ids: code, permission: 'public', handler: stop.show },
  { method: 'POST', path: '/u/:code', ids: code, permission: 'public', handler: stop.stop },
  { method: 'POST', path: '/u/:code/undo', ids: code, permission: 'public', handler: stop.undo },
];
