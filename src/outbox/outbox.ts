import { parseEmail } from '../kernel/email.ts';
import { newId } from '../kernel/id.ts';
import type { Mailer } from '../platform/mail.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

export interface Letter {
  /** one address, as `parseEmail` answers it */
  to: string;
  subject: string;
  text: string;
  html?: string;
}

/** Puts a letter on its way in the caller's transaction: it is sent exactly if the rest of it happens. Throws RangeError for what is no address. */
export async function post(db: CompanyDb | PortalDb, letter: Letter): Promise<void> {
  if (parseEmail(letter.to) !== letter.to) throw new RangeError('a letter needs one clean e-mail address');
  const letterId = newId();
  const companyId = 'company' in db ? db.company.id : null;
  await db.execute(sql.insert({ ...letter, id: letterId, companyId, subject: oneLine(letter.subject) }));
  await enqueue(db, 'mail.send', { letterId });
}

/** A line break in a subject would begin another header. */
function oneLine(subject: string): string {
  return subject.replace(/\p{Cc}+/gu, ' ').trim();
}

/**
 * Hands a waiting letter to the mail server, and marks it sent only when that has accepted it. Throws when it is worth another
 * try. Without a mail server the letter is kept for the outbox page.
 */
export async function send({ tenancy, config }: Services, mailer: Mailer | null, letterId: string): Promise<void> {
  const [letter] = await tenancy.inPortal((db) => db.query<sql.Waiting>(sql.waiting(letterId)));
  if (!letter) return;
  if (!mailer) return settle(tenancy, letterId, 'kept', null);
  const messageId = `<${letterId}@${new URL(config.publicUrl).hostname}>`;
  const { address: to, subject, body: text, html } = letter;
  const delivery = await mailer.send({ to, subject, text, html: html ?? undefined, messageId });
  if (delivery.outcome === 'accepted') return settle(tenancy, letterId, 'sent', null);
  if (delivery.outcome === 'refused') return settle(tenancy, letterId, 'failed', delivery.reason);
  await settle(tenancy, letterId, 'waiting', delivery.reason);
  throw new Error(delivery.reason);
}

export async function giveUp({ tenancy }: Services, letterId: string, reason: string): Promise<void> {
  await settle(tenancy, letterId, 'failed', reason);
}

async function settle(tenancy: Services['tenancy'], id: string, state: sql.State, error: string | null): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.settle(id, state, error)));
}

/** Letters hold names and links: 30 days after they were sent, kept or failed they go. */
export async function clear({ tenancy }: Services): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.clear(30)));
}

export interface Shelf {
  letters: sql.LetterRow[];
  /** whether there are older ones */
  more: boolean;
}

/** What waits or was kept, newest first. `before`: the id of the last one of the page before. */
export async function list(db: PortalDb, per: number, before: string | null): Promise<Shelf> {
  const rows = await db.query<sql.LetterRow>(sql.list(per + 1, before));
  return { letters: rows.slice(0, per), more: rows.length > per };
}
