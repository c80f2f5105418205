import * as customers from '../../customers/customers.ts';
import { dayOf, dayStart } from '../../kernel/time.ts';
import type { Sql } from '../../platform/db.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { linkPrefix, templateOf } from '../text/text.ts';
import { type Frame, frameOf } from './frame.ts';
import type { Moment, Plan } from './plan.ts';
import * as sql from './sql.ts';
import { testSelect } from './test-number.ts';

export type { Moment, Plan } from './plan.ts';

/** Why somebody gets nothing; the words are `sms.skip.<reason>`. */
export const REASONS = [...sql.RANKED, 'repeat', 'tooLong', 'empty', 'noPrice'] as const;
export type Reason = (typeof REASONS)[number];

export interface Audience extends Frame {
  /** a select of the columns that `ledger.plan` takes */
  readonly select: Sql;
}

/**
 * Who gets a campaign, by which number, with which text and at which price, and why the others do not: one row for each customer, by one
 * set-based select (P-02). A number belongs to one customer of the company, so no number is in it twice. `slice`: only so many of
 * them, by their ids. Throws FieldError `body` and `filter` for what is not understood.
 */
export async function audienceOf(db: CompanyReader, plan: Plan, moment: Moment, slice?: sql.Slice): Promise<Audience> {
  const template = templateOf(plan.body, plan.kind);
  const prefix = await linkPrefix(db, moment.publicUrl);
  const frame = await frameOf(db, plan, moment.now);
  const select = sql.audience({
    ...frame,
    where: whomOf(db, plan, moment),
    slice: slice ?? null,
    template,
    prefix,
    company: db.company,
    address: plan.address,
    anyNumber: plan.kind === 'reply',
    consent: plan.kind === 'group' ? frame.rules.sms_consent : null,
    cap: capOf(db, plan, frame),
  });
  return { ...frame, select };
}

/** The same for a test: one row, to a number of one's own, as the first of its customers would get it. */
export async function testAudience(db: CompanyDb, plan: Plan, { now, publicUrl }: Moment): Promise<Audience> {
  const template = templateOf(plan.body);
  const prefix = await linkPrefix(db, publicUrl);
  const frame = await frameOf(db, plan, now);
  return { ...frame, select: await testSelect(db, plan, { ...frame, template, prefix }) };
}

/** How many customers are meant, whether or not they can be written to. */
export async function count(db: CompanyReader, plan: Plan, moment: Moment): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql.count(whomOf(db, plan, moment)));
  return row?.count ?? 0;
}

function whomOf({ company }: CompanyReader, plan: Plan, { now, seenAt }: Moment): Sql {
  return sql.whom(plan.customer_ids ? sql.ticked(plan.customer_ids) : filtered(), seenAt);

  /** A filter of which a part is not understood would find more people than it was meant to. */
  function filtered(): Sql {
    const { state, errors } = customers.parseListState(new URLSearchParams(plan.filter), company);
    if (errors.length > 0) throw new FieldError('filter', 'sms.launch.filter');
    return customers.selection(state, company, seenAt ?? now).where;
  }
}

function capOf({ company }: CompanyReader, { kind }: Plan, { rules, dueAt }: Frame): sql.Wish['cap'] {
  if (kind !== 'group' || rules.sms_cap === 0n) return null;
  return { most: rules.sms_cap, since: dayStart(dayOf(dueAt, company.timezone), company.timezone) };
}
