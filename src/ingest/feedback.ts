import type { CompanyDb } from '../tenancy/handles.ts';
import type { Kind, Row } from './batch.ts';
import { type FeedbackInput, feedback as schema } from './input.ts';
import * as sql from './sql.ts';

export const feedback: Kind<FeedbackInput> = {
  kind: 'feedback',
  schema,
  at: (item) => item.writtenAt,
  moments: (item) => [
    ['writtenAt', item.writtenAt],
    ['updatedAt', item.updatedAt],
  ],
  check: () => [],
  isDealing: null,
  write,
};

async function write(db: CompanyDb, rows: Row<FeedbackInput>[]): Promise<void> {
  const stored = rows.map(({ id, item }) => ({ id, rating: item.rating, text: item.text }));
  await db.execute(sql.upsertFeedback(db.company.id, JSON.stringify(stored)));
}
