import * as consents from '../../consents/consents.ts';
import * as journal from '../../journal/journal.ts';
import { phoneHint } from '../../kernel/phone-key.ts';
import { log } from '../../platform/log.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Concerned } from '../../tenancy/tenancy.ts';
import type { HookContext } from '../../web/context.ts';
import { silence, stilled } from '../stop/stop.ts';
import { readInbound, type Written } from './inbound-form.ts';
import { storeWritten } from './message.ts';
import * as sql from './sql.ts';
import { readTwilio } from './twilio.ts';

/**
 * `POST /webhooks/twilio/inbound`: somebody wrote to one of our senders. STOP holds before it is answered, in every company that may
 * write to the number by this sender; everything counts once for each company, by its id, however often it comes.
 *
 * The answer is empty. Who says STOP, START or HELP to a number of Twilio's is told what came of it by Twilio itself, and after STOP
 * Twilio refuses every further message to that number, the confirmation too, were it ours (21610). Its words in other languages are
 * set up there as well (Advanced Opt-Out, which says so in `OptOutType`); of those that only we know, nothing is confirmed: whoever wants
 * to hear nothing more gets nothing more.
 */
export async function twilioInbound(ctx: HookContext): Promise<void> {
  const form = readTwilio(ctx);
  if (!form) return;
  const written = readInbound(form, ctx.services.config);
  if (written && !(await take(ctx, written))) return void ctx.res.status(503).end();
  ctx.res.status(200).type('text/xml').send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
}

/** false: it has to come again */
async function take(ctx: HookContext, written: Written): Promise<boolean> {
  const { tenancy } = ctx.services;
  const { senders, usual, wish } = written;
  const addressKey = await tenancy.inPortal(async (db) => db.keyOfPhone(written.from));
  const concerned = await tenancy.companiesOfInbound({ addressKey, senders, usual });
  if (wish === 'stop') return stop(ctx, written, addressKey, concerned);
  const using = concerned.filter(({ uses }) => uses);
  const meant = await whoIsMeant(ctx, written, using);
  if (wish === 'start') await start(ctx, written, addressKey, using, meant);
  else if (!meant) log.warn({ sid: written.sid, companies: using.length }, 'an SMS that no company is meant by');
  // Whoever wrote last may be somebody else when it comes again.
  else if (!(await cameToAnother(ctx, written, using, meant))) await deliver(ctx, written, addressKey, meant);
  return true;
}

/** All companies are told first, then all are waited for. */
async function stop(
  { services: { tenancy, files } }: HookContext,
  { sid, from, usual }: Written,
  addressKey: string,
  concerned: readonly Concerned[],
): Promise<boolean> {
  // Its person was erased: whoever gets to know the number again must not write to it.
  if (usual && concerned.length === 0)
    await tenancy.inPortal((db) => db.execute(sql.stopEverywhere(sid, addressKey, phoneHint(from))));
  const silenced: Concerned[] = [];
  for (const each of concerned) {
    const holds = await tenancy.inCompany(each.company, async (db) => {
      if (await first(db, sid, 'stop')) {
        await silence(db, { address: from, addressKey }, 'stop');
        return true;
      }
      // It came before: what a later START took back stays taken back, and what still holds is waited for once more.
      return isSilenced(db, addressKey);
    });
    if (holds) silenced.push(each);
  }
  await journal.flush({ tenancy, files }).catch((error: unknown) => {
    log.warn({ err: error }, 'the journal has to wait; it is written within a minute');
  });
  const still = await Promise.all(silenced.map(({ company }) => stilled(tenancy, company, addressKey)));
  return !still.includes(false);
}

/** Who writes to a sender now: one of its companies. */
type Meant = Pick<Concerned, 'company' | 'given'>;

/** The company that wrote to the number last by this sender, else the one that alone may be meant. */
async function whoIsMeant(
  { services: { tenancy } }: HookContext,
  { usual }: Written,
  using: readonly Concerned[],
): Promise<Meant | null> {
  const wrote = using.filter(({ calledAt }) => calledAt !== null);
  const [last] = wrote.sort((a, b) => Number(b.calledAt) - Number(a.calledAt));
  const meant = last ?? only(using) ?? only(using.filter(({ known }) => known));
  if (meant || !usual || using.length > 0) return meant;
  const company = await tenancy.onlyCompanyWithoutSender();
  return company && { company, given: null };
}

const only = <T>(all: readonly T[]): T | null => (all.length === 1 ? (all[0] ?? null) : null);

/**
 * Takes back what was said by SMS, in all companies of the sender; what was said on the page of one company, where that one is meant: its
 * page promises so.
 */
async function start(
  { services: { tenancy } }: HookContext,
  { sid }: Written,
  addressKey: string,
  using: readonly Concerned[],
  meant: Meant | null,
): Promise<void> {
  for (const { company } of using) {
    const reasons = company.id === meant?.company.id ? consents.BY_PERSON : consents.BY_SMS;
    await tenancy.inCompany(company, async (db) => {
      if (await first(db, sid, 'start')) await consents.lift(db, addressKey, null, { only: reasons });
    });
  }
}

async function cameToAnother(
  { services: { tenancy } }: HookContext,
  { sid }: Written,
  using: readonly Concerned[],
  { company: { id } }: Meant,
): Promise<boolean> {
  for (const { company, calledAt } of using) {
    if (calledAt && company.id !== id && (await tenancy.inCompany(company, (db) => cameBefore(db, sid)))) return true;
  }
  return false;
}

/** What was written is a message of one company. A "yes" takes back a STOP to it, and where there was none is a word of a conversation. */
async function deliver(
  { services: { tenancy }, now }: HookContext,
  written: Written,
  addressKey: string,
  { company, given }: Meant,
): Promise<void> {
  const { sid, wish } = written;
  await tenancy.inCompany(company, async (db) => {
    const isTaken = wish === 'yes' && (await saidStop(db, addressKey));
    const kind = isTaken ? 'start' : wish === 'help' ? 'help' : 'message';
    if (!(await first(db, sid, kind))) return;
    if (isTaken) await consents.lift(db, addressKey, null, { only: ['stop'] });
    if (kind === 'message') await storeWritten(db, written, { addressKey, sender: given }, now);
  });
}

const first = async (db: CompanyDb, sid: string, kind: sql.Kind): Promise<boolean> =>
  (await db.query(sql.note(db.company.id, sid, kind))).length > 0;

const cameBefore = async (db: CompanyDb, sid: string): Promise<boolean> => (await db.query(sql.noted(sid))).length > 0;

const isSilenced = async (db: CompanyDb, addressKey: string): Promise<boolean> =>
  (await db.query(sql.silenced(addressKey))).length > 0;

const saidStop = async (db: CompanyDb, addressKey: string): Promise<boolean> =>
  (await consents.suppressedOf(db, [addressKey])).some(({ reason }) => reason === 'stop');
