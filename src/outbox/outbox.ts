import { parseEmail } from '../kernel/email.ts';
import { newId } from '../kernel/id.ts';
import type { Mailer } from '../platform/mail.ts';
import type { Texter } from '../platform/sms.ts';
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

export interface Sms {
  /** E.164 */
  to: string;
  text: string;
  /** from when on it is worth nothing, and is not sent any more; else it is sent however late */
  expiresAt?: Date;
}

/** Puts an SMS on its way, like a letter. */
export async function postSms(db: CompanyDb | PortalDb, sms: Sms): Promise<void> {
  const smsId = newId();
  const { to, text, expiresAt = null } = sms;
  await db.execute(sql.insertSms(smsId, 'company' in db ? db.company.id : null, { to, text, expiresAt }));
  await enqueue(db, 'sms.send', { smsId });
}

export type { Channel, Kept } from './sql.ts';

/** Puts texts where the outbox page shows them: their channels are not set up. Their ids are the caller's. */
export async function keep(db: CompanyDb, kept: readonly sql.Kept[]): Promise<void> {
  if (kept.length > 0) await db.execute(sql.insertKept(db.company.id, kept));
}

/** Of numbers that are erased: whatever of the company's texts to them is kept or on its way. */
export async function forget(db: CompanyDb, phones: readonly string[]): Promise<void> {
  if (phones.length > 0) await db.execute(sql.forget(phones));
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

/**
 * Hands a waiting SMS to the provider, once: it is marked before the call, and where it is not known what became of it, it stays
 * failed and says so. Only what was certainly never taken is tried again. Without a provider it is kept for the outbox page.
 */
export async function sendSms({ tenancy, clock }: Services, texter: Texter | null, smsId: string): Promise<void> {
  if (!texter) return settle(tenancy, smsId, 'kept', null);
  const [sms] = await tenancy.inPortal((db) => db.query<sql.WaitingSms>(sql.beginSms(smsId, UNKNOWN)));
  if (!sms) return;
  const isDead = (seconds: number) =>
    sms.expires_at !== null && clock().getTime() + seconds * 1000 >= sms.expires_at.getTime();
  if (isDead(0)) return void (await tenancy.inPortal((db) => db.execute(sql.endSms(smsId, 'failed', TOO_LATE))));
  const result = await texter.send({ to: sms.address, text: sms.body });
  await tenancy.inPortal(async (db) => {
    if (result.outcome === 'accepted') return void (await db.execute(sql.endSms(smsId, 'sent', null)));
    const isLast = result.outcome !== 'later' || sms.attempts >= MOST_TRIES || isDead(result.seconds);
    if (isLast) {
      const reason = result.outcome === 'unknown' ? `${UNKNOWN}: ${result.reason}` : result.reason;
      return void (await db.execute(sql.endSms(smsId, 'failed', reason)));
    }
    await db.execute(sql.endSms(smsId, 'waiting', result.reason));
    await enqueue(db, 'sms.send', { smsId }, new Date(clock().getTime() + result.seconds * 1000));
  });
}

const UNKNOWN = 'it is not known whether it was sent, so it is not sent again';
const TOO_LATE = 'it would have come too late';
const MOST_TRIES = 8;

/** The last try of its job is over. */
export async function giveUpSms({ tenancy }: Services, smsId: string, reason: string): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.giveUpSms(smsId, reason)));
}

export async function giveUp({ tenancy }: Services, letterId: string, reason: string): Promise<void> {
  await settle(tenancy, letterId, 'failed', reason);
}

async function settle(tenancy: Services['tenancy'], id: string, state: sql.State, error: string | null): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.settle(id, state, error)));
}

/** Letters hold names and links: 30 days after they were sent, kept or failed they go; SMS, with codes and numbers, after one. */
export async function clear({ tenancy }: Services): Promise<void> {
  await tenancy.inPortal(async (db) => {
    await db.execute(sql.clear('email', 30));
    for (const channel of ['sms', 'viber', 'messenger'] as const) await db.execute(sql.clear(channel, 1));
  });
}

export interface Shelf {
  letters: sql.LetterRow[];
  /** whether there are older ones */
  more: boolean;
}

/** What waits or was kept on these channels, newest first. `before`: the id of the last one of the page before. */
export async function list(
  db: PortalDb,
  channels: readonly sql.Channel[],
  per: number,
  before: string | null,
): Promise<Shelf> {
  const rows = await db.query<sql.LetterRow>(sql.list(channels, per + 1, before));
  return { letters: rows.slice(0, per), more: rows.length > per };
}
