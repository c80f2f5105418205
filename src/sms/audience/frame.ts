import { quietUntil } from '../../kernel/quiet.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CampaignRow } from '../draft/draft.ts';
import * as sql from './sql.ts';

/** When it leaves, and what the company has decided about its SMS. */
export interface Frame extends sql.Frame {
  readonly rules: sql.CompanyRules;
  /** of SMS, where whatever does not arrive goes by SMS; null: it does not */
  readonly fallbackPrices: readonly sql.Price[] | null;
  /** when the first one would leave if no hours were quiet */
  readonly startAt: Date;
}

type Plan = Pick<CampaignRow, 'kind' | 'channel' | 'fallback' | 'scheduled_at' | 'obeys_quiet_hours'>;

export async function frameOf(db: CompanyReader, plan: Plan, now: Date): Promise<Frame> {
  const rules = await rulesOf(db);
  const startAt = plan.scheduled_at && plan.scheduled_at > now ? plan.scheduled_at : now;
  const hours = obeysQuietHours(plan) ? rules.quiet_hours : null;
  const dueAt = quietUntil(startAt, db.company.timezone, hours) ?? startAt;
  const table = await senders.priceTable(db, now);
  const of = (wanted: string) => table.filter(({ channel }) => channel === wanted);
  const fallbackPrices = plan.fallback && of(plan.fallback);
  const prices = of(plan.channel);
  return { rules, startAt, dueAt, channel: plan.channel, prices, fallbackPrices, priced: rules.sms_budget !== null };
}

/** Tests and replies leave at once: somebody waits for them. */
export const obeysQuietHours = ({ kind, obeys_quiet_hours }: Pick<Plan, 'kind' | 'obeys_quiet_hours'>): boolean =>
  obeys_quiet_hours && (kind === 'group' || kind === 'one');

async function rulesOf(db: CompanyReader): Promise<sql.CompanyRules> {
  const [row] = await db.query<sql.CompanyRules>(sql.companyRules());
  if (!row) throw new Error('The company is gone');
  return row;
}
