import * as consents from '../../consents/consents.ts';
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
  if (wish === 'start' || wish === 'yes') {
    const taken = await start(ctx, written, addressKey, concerned);
    // A "yes" to nothing is a word of a conversation.
    if (taken || wish === 'start') return true;
  }
  await deliver(ctx, written, addressKey, concerned);
  return true;
}

/** All companies are told first, then all are waited for. */
async function stop(
  { services: { tenancy } }: HookContext,
  { sid, from }: Written,
  addressKey: string,
  concerned: readonly Concerned[],
): Promise<boolean> {
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
  const still = await Promise.all(silenced.map(({ company }) => stilled(tenancy, company, addressKey)));
  return !still.includes(false);
}

/** Takes back what the person's own STOP did. false: there was nothing of the kind anywhere, and this had not come before. */
async function start(
  { services: { tenancy } }: HookContext,
  { sid, wish }: Written,
  addressKey: string,
  concerned: readonly Concerned[],
): Promise<boolean> {
  let taken = false;
  for (const { company } of concerned) {
    const here = await tenancy.inCompany(company, async (db) => {
      if (await cameBefore(db, sid)) return true;
      if (wish === 'yes' && !(await isSilenced(db, addressKey))) return false;
      return (await first(db, sid, 'start')) ? consents.lift(db, addressKey, null) : true;
    });
    taken ||= here;
  }
  return taken;
}

/** A message is of one company: the one that wrote to the number last by this sender, else the one that alone may be meant. */
async function deliver(
  { services: { tenancy }, now }: HookContext,
  written: Written,
  addressKey: string,
  concerned: readonly Concerned[],
): Promise<void> {
  const { sid } = written;
  const meant = whoIsMeant(concerned);
  if (!meant) return void log.warn({ sid, companies: concerned.length }, 'an SMS that no company is meant by');
  // Whoever wrote last may be somebody else when it comes again.
  for (const { company, calledAt } of concerned) {
    if (calledAt && company.id !== meant.company.id && (await tenancy.inCompany(company, (db) => cameBefore(db, sid))))
      return;
  }
  await tenancy.inCompany(meant.company, async (db) => {
    const kind = written.wish === 'help' ? 'help' : 'message';
    if (!(await first(db, sid, kind)) || kind === 'help') return;
    await storeWritten(db, written, { addressKey, sender: meant.given }, now);
  });
}

function whoIsMeant(concerned: readonly Concerned[]): Concerned | null {
  const wrote = concerned.filter(({ calledAt }) => calledAt !== null);
  const [last] = wrote.sort((a, b) => Number(b.calledAt) - Number(a.calledAt));
  return last ?? only(concerned) ?? only(concerned.filter(({ known }) => known));
}

const only = <T>(all: readonly T[]): T | null => (all.length === 1 ? (all[0] ?? null) : null);

const first = async (db: CompanyDb, sid: string, kind: sql.Kind): Promise<boolean> =>
  (await db.query(sql.note(db.company.id, sid, kind))).length > 0;

const cameBefore = async (db: CompanyDb, sid: string): Promise<boolean> => (await db.query(sql.noted(sid))).length > 0;

const isSilenced = async (db: CompanyDb, addressKey: string): Promise<boolean> =>
  (await db.query(sql.silenced(addressKey))).length > 0;
