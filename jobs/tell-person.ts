import * as about from '../src/about/about.ts';
import type { Handler } from './handler.ts';

export const tellPerson: Handler<'review.tell'> = {
  run: ({ services, payload }) => about.tellPerson(services, payload.reviewId),
};
