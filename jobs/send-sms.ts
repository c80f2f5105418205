import * as outbox from '../src/outbox/outbox.ts';
import type { Handler } from './handler.ts';

export const sendSms: Handler<'sms.send'> = {
  run: ({ services, channels, payload }) => outbox.sendSms(services, channels.sms, payload.smsId),
  givenUp: ({ services, payload }, reason) => outbox.giveUpSms(services, payload.smsId, reason),
};
