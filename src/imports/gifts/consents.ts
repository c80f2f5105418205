import { consentsOf, record, type Told } from '../../consents/consents.ts';
import { dayStart } from '../../kernel/time.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Understood } from '../understand.ts';

type Said = Told & { dated: boolean };

/**
 * What the rows say about being written to (S-05). A day means its beginning in the company's zone. A yes without a day fills only what nobody
 * has said anything about: an old file that is brought again must not undo a refusal; a no always holds.
 */
export async function recordConsents(
  db: CompanyDb,
  { user_id: userId, started_at: startedAt }: { user_id: string | null; started_at: Date },
  rows: readonly Understood[],
): Promise<void> {
  const said = rows.flatMap((row) => saidIn(db, row, startedAt));
  if (said.length === 0) return;
  const held = await consentsOf(db, [...new Set(said.map(({ addressKey }) => addressKey))]);
  const known = new Set(held.map(({ channel, addressKey }) => `${channel} ${addressKey}`));
  const told = said.filter(
    ({ dated, granted, channel, addressKey }) => dated || !granted || !known.has(`${channel} ${addressKey}`),
  );
  await record(
    db,
    told.map(({ dated, ...word }) => word),
    userId,
  );
}

function saidIn(db: CompanyDb, { phones, emails, consent }: Understood, startedAt: Date): Said[] {
  const { day } = consent;
  const at = day === null ? startedAt : noLater(dayStart(day, db.company.timezone), startedAt);
  const words = (addresses: readonly string[], channel: 'sms' | 'email', granted: boolean | null): Said[] =>
    granted === null
      ? []
      : addresses.map((address) => ({
          channel,
          addressKey: db.keyOfPhone(address),
          granted,
          at,
          source: consent.source ?? 'import',
          wording: '',
          dated: day !== null,
        }));
  return [...words(phones, 'sms', consent.sms), ...words(emails, 'email', consent.email)];
}

const noLater = (at: Date, most: Date) => (at > most ? most : at);
