import * as outbox from '../src/outbox/outbox.ts';
import type { Handler } from './handler.ts';

export const sendSms: Handler<'sms.send'> = {
  run: ({ services, texter, payload }) => outbox.sendSms(services, texter, payload.smsId),
  givenUp: ({ services, payload }, reason) => outbox.giveUpSms(services, payload.smsId, reason),
};
