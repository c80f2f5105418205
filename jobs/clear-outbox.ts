import { clearEnded } from '../src/auth/auth.ts';
import * as outbox from '../src/outbox/outbox.ts';
import { clearGivenUp } from '../src/queue/lease.ts';
import type { Handler } from './handler.ts';

/** Letters, the links in them, and the jobs that failed: what is over for 30 days. */
export const clearOutbox: Handler<'outbox.clear'> = {
  run: async ({ services }) => {
    await outbox.clear(services);
    await clearEnded(services);
    await services.tenancy.inPortal(clearGivenUp);
  },
};
