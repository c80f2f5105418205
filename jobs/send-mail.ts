import * as outbox from '../src/outbox/outbox.ts';
import type { Handler } from './handler.ts';

export const sendMail: Handler<'mail.send'> = {
  run: ({ services, mailer, payload }) => outbox.send(services, mailer, payload.letterId),
  givenUp: ({ services, payload }, reason) => outbox.giveUp(services, payload.letterId, reason),
};
