import * as about from '../src/about/about.ts';
import type { Handler } from './handler.ts';

export const personRequest: Handler<'person.request'> = {
  run: ({ services, payload, signal }) => about.runRequest(services, payload.requestId, signal),
  givenUp: ({ services, payload }) => about.giveUpRequest(services, payload.requestId),
};
