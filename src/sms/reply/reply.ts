import { storeMessage } from '../../ingest/ingest.ts';
import { newId } from '../../kernel/id.ts';
import { type Talk, threadOf } from '../../messages/messages.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { launchOne, type SingleOrder } from '../draft/single.ts';
import * as drafts from '../draft/sql.ts';
import * as sql from './sql.ts';

export interface Answer {
  customerId: string;
  talk: Talk;
  /** what it is called in lists */
  name: string;
  body: string;
}

/**
 * Answers in a conversation: a campaign of one delivery, for which STOP and the budget hold, and in the same transaction the message that
 * stands in the thread, so that it waits no longer. Answers the campaign's id. Throws FieldError `body` where nothing can be sent.
 */
export async function reply(
  db: CompanyDb,
  { customerId, talk, name, body }: Answer,
  order: SingleOrder,
): Promise<string> {
  const [phone] = await db.query<{ value: string }>(sql.numberOf(customerId, talk.addressKey));
  if (!phone) throw new FieldError('body', 'messages.reply.noNumber');
  const id = newId();
  const nothing = { fallback: null, filter: '', scheduledAt: null, expiresAt: null };
  const whom = { customerIds: [customerId], address: phone.value, obeysQuietHours: false };
  const how = { channel: talk.channel, sender: await senderOf(db, talk) };
  await db.execute(
    drafts.insert(db.company.id, id, 'reply', order.userId, { ...nothing, ...whom, ...how, name, body }),
  );
  const externalId = `reply:${id}`;
  await db.execute(sql.name(id, externalId));
  await launchOne(db, id, 'body', order);
  const [sent] = await db.query<{ body: string }>(sql.textOf(id));
  const said = { externalId, threadId: threadOf(talk), sentAt: order.now.toISOString(), text: sent?.body ?? body };
  const from = { direction: 'out' as const, channel: talk.channel, customer: { phones: [phone.value] } };
  await storeMessage(db, { ...said, ...from }, order.now);
  return id;
}

/** The one that the person wrote to, as long as it is the company's. */
async function senderOf(db: CompanyDb, { sender }: Talk): Promise<string | null> {
  if (sender === null) return null;
  return (await senders.sendersOf(db)).some(({ address }) => address === sender) ? sender : null;
}
