import { closeGone } from '../src/moderation/moderation.ts';
import type { Handler } from './handler.ts';

export const reviewGone: Handler<'review.gone'> = {
  run: ({ services, payload }) => closeGone(services, payload.reviewId),
};
