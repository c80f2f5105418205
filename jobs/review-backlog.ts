import { clearBacklog } from '../src/reviews/reviews.ts';
import type { Handler } from './handler.ts';

export const reviewBacklog: Handler<'reviews.backlog'> = {
  run: ({ services, company, signal }) => clearBacklog(services.tenancy, company, signal),
};
