import * as outbox from '../src/outbox/outbox.ts';
import type { Handler } from './handler.ts';

export const clearOutbox: Handler<'outbox.clear'> = {
  run: ({ services }) => outbox.clear(services),
};
