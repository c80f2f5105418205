import * as audit from '../../audit/audit.ts';
import { readNumbers } from '../../identity/identity.ts';
import * as ledger from '../../ledger/ledger.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { type Audience, audienceOf, type Moment, testAudience } from '../audience/audience.ts';
import * as drafts from '../draft/draft.ts';
import { budgetOf, lockBudget, OverBudget } from './budget.ts';
import { refuseTooMany } from './dry-run.ts';
import { isSame, readSeen, type Seen } from './seen.ts';
import * as sql from './sql.ts';

/** What a launch may last: half a million rows are written in one transaction. For `inCompany`. */
export const LAUNCH_SECONDS = 600;

export interface Order {
  /** null: a program */
  readonly userId: string | null;
  readonly now: Date;
  readonly publicUrl: string;
  /** `seen` of the dry run: only what was looked at is launched. Without it, whatever is there at this moment. */
  readonly seen?: string | undefined;
  /** a program launches also a group that nobody can be reached in, and is told so by the figures */
  readonly nobodyToo?: boolean;
}

export interface Launched extends ledger.Planned {
  readonly campaignId: string;
  /** when the first one leaves; null: at once */
  readonly startsAt: Date | null;
}

/**
 * Freezes who gets what, and sets it going: one row of the ledger for each customer, the price ceiling taken from the month's budget, and
 * the job that sends, all in one transaction. From here on a change of the segment, of a customer or of a price changes nothing (P-02).
 * To one customer or number the caller looks at `recipients`. Throws FieldError: `launch` (it is no draft any more), `sender` (it was taken
 * away), `seen` (something has changed since the look), `to` (too many, or nobody), `expiresAt`, `body`, `filter`, and `OverBudget`.
 */
export async function launch(db: CompanyDb, campaignId: string, order: Order): Promise<Launched> {
  const campaign = await takeDraft(db, campaignId);
  await drafts.assertSender(db, campaign.sender);
  // Of numbers that an earlier version stored, and that no job has looked at yet.
  await readNumbers(db);
  const seen = order.seen === undefined ? null : readSeen(order.seen);
  if (order.seen !== undefined && seen === null) throw changed();
  const moment: Moment = { now: order.now, publicUrl: order.publicUrl, seenAt: seen?.at };
  const audience = await frozen(db, campaign, moment);
  if (campaign.expires_at && campaign.expires_at <= audience.dueAt) {
    throw new FieldError('expiresAt', 'sms.launch.expired');
  }
  const planned = await plan(db, campaignId, audience);
  if (seen) await compare(db, campaign, seen, planned);
  if (planned.recipients === 0 && campaign.kind === 'group' && !order.nobodyToo)
    throw new FieldError('to', 'sms.launch.nobody');
  await takeFromBudget(db, audience, planned, order.now);
  await setGoing(db, campaign, audience, planned, order);
  return { ...planned, campaignId, startsAt: audience.dueAt > order.now ? audience.dueAt : null };
}

async function takeDraft(db: CompanyDb, campaignId: string): Promise<drafts.CampaignRow> {
  const draft = (await db.query(sql.lockDraft(campaignId))).length > 0;
  const campaign = draft ? await drafts.find(db, campaignId) : null;
  if (!campaign) throw new FieldError('launch', 'sms.launch.notDraft');
  return campaign;
}

async function frozen(db: CompanyDb, campaign: drafts.CampaignRow, moment: Moment): Promise<Audience> {
  if (campaign.kind === 'test') return testAudience(db, campaign, moment);
  await refuseTooMany(db, campaign, moment);
  return audienceOf(db, campaign, moment);
}

/** With what it costs at most if nothing arrives on its channel. */
async function plan(db: CompanyDb, campaignId: string, { select, fallbackPrices }: Audience): Promise<ledger.Planned> {
  const planned = await ledger.plan(db, campaignId, select);
  if (!fallbackPrices) return planned;
  const [row] = await db.query<{ micros: string }>(sql.fallbackCeiling(campaignId, fallbackPrices));
  return { ...planned, ceilingMicros: planned.ceilingMicros + BigInt(row?.micros ?? 0) };
}

async function compare(
  db: CompanyDb,
  { id, version }: drafts.CampaignRow,
  seen: Seen,
  planned: ledger.Planned,
): Promise<void> {
  const [row] = await db.query<{ mark: string }>(sql.markOf(id));
  const { recipients, parts, ceilingMicros } = planned;
  if (!isSame(seen, { version, recipients, parts, ceilingMicros, mark: row?.mark ?? '0' })) throw changed();
}

/** Once everything is planned, so that nobody waits for the money while a big list is being written. */
async function takeFromBudget(
  db: CompanyDb,
  { rules }: Audience,
  { ceilingMicros }: ledger.Planned,
  now: Date,
): Promise<void> {
  if (rules.sms_budget === null) return;
  await lockBudget(db);
  const budget = await budgetOf(db, rules.sms_budget, now);
  if (budget && ceilingMicros > budget.leftMicros) throw new OverBudget(budget, ceilingMicros);
}

const changed = () => new FieldError('seen', 'sms.launch.changed');

async function setGoing(
  db: CompanyDb,
  { id, name, kind }: drafts.CampaignRow,
  { startAt, dueAt }: Audience,
  { recipients, ceilingMicros }: ledger.Planned,
  { userId, now }: Order,
): Promise<void> {
  await db.execute(sql.launched(id, { state: startAt > now ? 'scheduled' : 'sending', userId, now, ceilingMicros }));
  // Who is written to by hand stands in the ledger; the log is for what goes to many.
  if (kind === 'group') {
    await audit.write(db, { userId, action: 'campaign.launched', subject: { id, name, customers: recipients } });
  }
  await enqueue(db, 'campaign.send', { campaignId: id }, dueAt > now ? dueAt : undefined);
}
