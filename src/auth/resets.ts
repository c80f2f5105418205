import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import type { LoginRow } from './sql.ts';
import * as sql from './sql.ts';
import { hashToken, makeToken } from './token.ts';
import { changePassword, findUserByEmail } from './users.ts';

const MINUTES = 30;

/** The same work for every address, known or not: whether there is an account shows neither in the words nor in the time. */
export async function askForReset(db: PortalDb, email: string): Promise<void> {
  await enqueue(db, 'password.letter', { email });
}

/** The letter with the link, when there is such an account. */
export async function postResetLetter({ tenancy, config, clock }: Services, email: string): Promise<void> {
  await tenancy.inPortal(async (db) => {
    const user = await findUserByEmail(db, email);
    if (!user || user.disabled_at) return;
    const { token, hash } = makeToken();
    await db.execute(sql.insertReset(hash, user.id, new Date(clock().getTime() + MINUTES * 60_000)));
    const t = translator(user.locale);
    const link = `${config.publicUrl}/password/reset/${token}`;
    await outbox.post(db, {
      to: user.email,
      subject: t('auth.reset.letter.subject'),
      text: t('auth.reset.letter.text', { name: user.name, link, count: MINUTES }),
    });
  });
}

/** Name and address of whose password the link still opens; null: it opens nothing. */
export async function openReset(db: PortalDb, token: string, now: Date): Promise<[string, string] | null> {
  const [user] = await db.query<{ name: string; email: string }>(sql.openReset(hashToken(token), now));
  return user ? [user.name, user.email] : null;
}

/** Takes the link and sets the password; every session of the user is over. null: the link was used, replaced or is too old. */
export async function useReset(db: PortalDb, token: string, passwordHash: string, now: Date): Promise<LoginRow | null> {
  const [taken] = await db.query<{ user_id: string }>(sql.takeReset(hashToken(token), now));
  if (!taken) return null;
  await db.execute(sql.endResets(taken.user_id, now));
  return changePassword(db, taken.user_id, passwordHash);
}
