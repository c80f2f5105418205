import type { CompanyDb } from '../tenancy/handles.ts';
import type { Kind, Row } from './batch.ts';
import { type MessageInput, message } from './input.ts';
import * as sql from './sql.ts';

export const messages: Kind<MessageInput> = {
  kind: 'message',
  schema: message,
  at: (item) => item.sentAt,
  moments: (item) => [
    ['sentAt', item.sentAt],
    ['updatedAt', item.updatedAt],
  ],
  check: () => [],
  // Whoever writes to a number has not heard from it.
  isDealing: (item) => item.direction === 'in',
  write,
};

async function write(db: CompanyDb, rows: Row<MessageInput>[]): Promise<void> {
  await db.execute(sql.upsertMessages(db.company.id, JSON.stringify(rows.map(messageRow))));
}

/** A message without a thread is one of its own; the letter in front keeps the two kinds of names apart. */
const messageRow = ({ id, item }: Row<MessageInput>) => ({
  id,
  thread: item.threadId === null ? `m:${item.externalId}` : `t:${item.threadId}`,
  direction: item.direction,
  channel: item.channel,
  text: item.text,
  order_external_id: item.orderExternalId,
});
