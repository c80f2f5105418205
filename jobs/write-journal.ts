import * as journal from '../src/journal/journal.ts';
import * as restore from '../src/restore/restore.ts';
import type { Handler } from './handler.ts';

const DAY = 86_400_000;

/** Each minute: somebody may have restored a backup behind processes that run on. */
export const writeJournal: Handler<'journal.write'> = {
  run: async ({ services }) => {
    await journal.flush(services);
    await restore.look(services, new Date(services.clock().getTime() - DAY));
  },
};
