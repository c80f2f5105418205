import { exponentOf, moneyText } from '../../kernel/money.ts';
import { dayOf, dayStart } from '../../kernel/time.ts';
import * as ledger from '../../ledger/ledger.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import * as sql from './sql.ts';

/** In millionths of the company's currency. */
export interface Budget {
  /** of this month */
  readonly limitMicros: bigint;
  /** what this month's SMS have cost, as far as prices are known */
  readonly spentMicros: bigint;
  /** what launched campaigns may still cost */
  readonly reservedMicros: bigint;
  /** at least 0 */
  readonly leftMicros: bigint;
}

/** The campaign may cost more than is left of the month's budget. */
export class OverBudget extends FieldError {
  readonly budget: Budget;
  readonly ceilingMicros: bigint;

  constructor(budget: Budget, ceilingMicros: bigint) {
    super('budget', 'sms.launch.budget');
    this.budget = budget;
    this.ceilingMicros = ceilingMicros;
  }
}

/** `limit`: of the company, in minor units; null: it has set none. */
export async function budgetOf(db: CompanyReader, limit: bigint | null, now: Date): Promise<Budget | null> {
  if (limit === null) return null;
  const limitMicros = microsOf(limit, db.company.currency);
  const spentMicros = await ledger.spentSince(db, startOfMonth(now, db.company.timezone));
  const reservedMicros = await ledger.reserved(db, now);
  const left = limitMicros - spentMicros - reservedMicros;
  return { limitMicros, spentMicros, reservedMicros, leftMicros: left > 0n ? left : 0n };
}

/** From here on, to the end of the transaction, no other launch of the company counts on the same money. */
export async function lockBudget(db: CompanyDb): Promise<void> {
  await db.query(sql.lockBudget());
}

/** `3000000` in UAH is `3.00`; what is less than a minor unit is dropped. */
export const microsText = (micros: bigint, currency: string): string =>
  moneyText(micros / 10n ** BigInt(MICROS_DIGITS - exponentOf(currency)), currency);

const MICROS_DIGITS = 6;

const microsOf = (minor: bigint, currency: string): bigint =>
  minor * 10n ** BigInt(MICROS_DIGITS - exponentOf(currency));

const startOfMonth = (at: Date, zone: string): Date => dayStart(`${dayOf(at, zone).slice(0, -2)}01`, zone);
