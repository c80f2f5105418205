import { hasUnreadNumbers } from '../../identity/identity.ts';
import { endOfWork } from '../../kernel/quiet.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { audienceOf, count, type Moment, type Reason } from '../audience/audience.ts';
import { type Frame, obeysQuietHours } from '../audience/frame.ts';
import { assertSender, type CampaignRow } from '../draft/draft.ts';
import { type Budget, budgetOf } from './budget.ts';
import { writeSeen } from './seen.ts';
import * as sql from './sql.ts';

/** So many customers one campaign takes: they are frozen in one statement. */
export const MOST_CUSTOMERS = 500_000;

/** Messages a second of the portal's own sender, unless the caller knows better. */
const USUAL_PACE = 10;

export interface DryRun {
  /** customers that are meant; each is a recipient or skipped */
  readonly customers: number;
  readonly recipients: number;
  readonly skipped: Readonly<Partial<Record<Reason, number>>>;
  /** when the first one leaves; null: at once */
  readonly startsAt: Date | null;
  /** the end of the quiet hours for which all of it waits; null: it does not */
  readonly waitsUntil: Date | null;
  /** when the last one has left, at the pace of the sender and outside of quiet hours */
  readonly lastLeavesAt: Date;
  /** of all recipients together */
  readonly parts: number;
  /** how many recipients get a text of so many parts, the shortest first */
  readonly lengths: readonly { readonly parts: number; readonly recipients: number }[];
  readonly encodings: { readonly gsm: number; readonly ucs2: number };
  /** by country, the dearest first; micros of one part, and of all of them; null: no price is known */
  readonly prices: readonly Price[];
  /** what it costs at most, an SMS for each that fails on its channel counted in; millionths of the company's currency, as far as prices are known */
  readonly ceilingMicros: bigint;
  /** recipients whose price is not known */
  readonly unknownPrice: number;
  /** whether some numbers, which an earlier version stored, are still being looked at: until then they count as none for SMS */
  readonly unread: boolean;
  /** null: the company has set none */
  readonly budget: Budget | null;
  /** a few of the recipients, as each gets it */
  readonly sample: readonly Sample[];
  /** for `launch`: what was looked at */
  readonly seen: string;
}

export interface Price {
  readonly country: string | null;
  readonly recipients: number;
  readonly parts: number;
  readonly partMicros: bigint | null;
  readonly costMicros: bigint | null;
}

export interface Sample {
  readonly customerId: string;
  readonly name: string;
  readonly address: string;
  readonly body: string;
  readonly parts: number;
}

/**
 * Who would get it if it were launched at this moment, and what it would cost; nothing is written (P-02). Throws FieldError `to`, `body`,
 * `filter`, `sender`. `perSecond`: of the sender, where it is not one of the company's.
 */
export async function dryRun(
  db: CompanyReader,
  campaign: CampaignRow,
  moment: Moment,
  perSecond?: number,
): Promise<DryRun> {
  await assertSender(db, campaign.sender);
  await refuseTooMany(db, campaign, moment);
  const audience = await audienceOf(db, campaign, moment);
  const [row] = await db.query<sql.FiguresRow>(sql.figures(audience.select, audience.fallbackPrices));
  const groups = (row?.groups ?? []).map(readGroup);
  const sent = groups.filter(({ reason }) => reason === null);
  const recipients = sum(sent, ({ recipients }) => recipients);
  const fallbackMicros = BigInt(row?.fallback ?? 0);
  const ceilingMicros = sent.reduce((all, { costMicros }) => all + (costMicros ?? 0n), fallbackMicros);
  const figures = { recipients, parts: sum(sent, ({ parts }) => parts), ceilingMicros };
  return {
    ...figures,
    ...(await timesOf(db, campaign, audience, recipients, moment.now, perSecond)),
    customers: sum(groups, ({ recipients }) => recipients),
    skipped: tally(groups.flatMap(({ reason, recipients }) => (reason === null ? [] : [[reason, recipients]]))),
    lengths: lengthsOf(sent),
    encodings: {
      gsm: sum(sent, ({ recipients, unicode }) => (unicode ? 0 : recipients)),
      ucs2: sum(sent, ({ recipients, unicode }) => (unicode ? recipients : 0)),
    },
    prices: pricesOf(sent),
    unknownPrice: sum(sent, ({ recipients, partMicros }) => (partMicros === null ? recipients : 0)),
    unread: await hasUnreadNumbers(db),
    budget: await budgetOf(db, audience.rules.sms_budget, moment.now),
    sample: (row?.sample ?? []).map(({ customer_id, ...each }) => ({ customerId: customer_id, ...each })),
    seen: writeSeen({ ...figures, version: campaign.version, at: moment.now, mark: row?.mark ?? '0' }),
  };
}

/** Throws FieldError `to` where a campaign means more customers than one may. */
export async function refuseTooMany(db: CompanyReader, campaign: CampaignRow, moment: Moment): Promise<void> {
  if ((await count(db, campaign, moment)) > MOST_CUSTOMERS) throw new FieldError('to', 'sms.launch.tooMany');
}

/** When it would begin, and when the last one would have left. */
export async function timesOf(
  db: CompanyReader,
  campaign: CampaignRow,
  { startAt, dueAt, rules }: Frame,
  recipients: number,
  now: Date,
  perSecond?: number,
): Promise<Pick<DryRun, 'startsAt' | 'waitsUntil' | 'lastLeavesAt'>> {
  const hours = obeysQuietHours(campaign) ? rules.quiet_hours : null;
  const sender = (await senders.sendersOf(db)).find(({ address }) => address === campaign.sender);
  const pace = perSecond ?? sender?.perSecond ?? USUAL_PACE;
  return {
    startsAt: dueAt > now ? dueAt : null,
    waitsUntil: dueAt > startAt ? dueAt : null,
    lastLeavesAt: endOfWork(dueAt, recipients / pace, db.company.timezone, hours),
  };
}

type Group = Price & { reason: Reason | null; unicode: boolean; length: number };

function readGroup(row: sql.GroupRow): Group {
  const partMicros = row.price === null ? null : BigInt(row.price);
  return {
    reason: row.reason,
    country: row.country,
    unicode: row.unicode,
    length: row.parts,
    recipients: row.count,
    parts: row.parts * row.count,
    partMicros,
    costMicros: partMicros === null ? null : partMicros * BigInt(row.parts * row.count),
  };
}

function lengthsOf(sent: readonly Group[]): DryRun['lengths'] {
  const lengths = [...new Set(sent.map(({ length }) => length))].sort((one, other) => one - other);
  return lengths.map((parts) => ({
    parts,
    recipients: sum(sent, ({ length, recipients }) => (length === parts ? recipients : 0)),
  }));
}

function pricesOf(sent: readonly Group[]): Price[] {
  const countries = [...new Set(sent.map(({ country }) => country))].map((country): Price => {
    const groups = sent.filter((group) => group.country === country);
    const partMicros = groups[0]?.partMicros ?? null;
    const parts = sum(groups, ({ parts }) => parts);
    const costMicros = partMicros === null ? null : partMicros * BigInt(parts);
    return { country, recipients: sum(groups, ({ recipients }) => recipients), parts, partMicros, costMicros };
  });
  return countries.sort((one, other) => Number((other.costMicros ?? -1n) - (one.costMicros ?? -1n)));
}

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((all, item) => all + value(item), 0);

function tally(pairs: readonly (readonly [Reason, number])[]): DryRun['skipped'] {
  const counts: Partial<Record<Reason, number>> = {};
  for (const [reason, count] of pairs) counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}
