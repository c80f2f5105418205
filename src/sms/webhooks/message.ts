import { storeMessage } from '../../ingest/ingest.ts';
import { threadOf } from '../../messages/messages.ts';
import { translator } from '../../platform/i18n.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Written } from './inbound-form.ts';

/** What somebody wrote becomes a message of that customer, so that it counts as activity, can be answered, and waits for it. */
export async function storeWritten(
  db: CompanyDb,
  { sid, channel, from, text, attachments }: Written,
  { addressKey, sender }: { addressKey: string; sender: string | null },
  now: Date,
): Promise<void> {
  const pictures =
    attachments > 0 ? [translator(db.company.locale)('sms.inbound.attachments', { count: attachments })] : [];
  await storeMessage(
    db,
    {
      externalId: `sms:${sid}`,
      threadId: threadOf({ channel, addressKey, sender }),
      direction: 'in',
      sentAt: now.toISOString(),
      customer: { phones: [from] },
      channel,
      text: [text, ...pictures].filter((line) => line !== '').join('\n'),
    },
    now,
  );
}
