import * as bulk from '../src/bulk/bulk.ts';
import type { Handler } from './handler.ts';

export const clearTag: Handler<'tag.clear'> = {
  run: ({ services, company, payload, signal }) => bulk.clearTag(services, company, payload.tagId, signal),
};
