import * as journal from '../src/journal/journal.ts';
import type { Handler } from './handler.ts';

export const writeJournal: Handler<'journal.write'> = {
  run: ({ services }) => journal.flush(services),
};
