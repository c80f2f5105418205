import { exponentOf } from '../../kernel/money.ts';
import type { CompanyContext } from '../../web/context.ts';

/** Millionths of the company's currency as money; a part of its smallest unit counts as a whole one, so that nothing looks cheaper. */
export function moneyOf({ format, company }: Pick<CompanyContext, 'format' | 'company'>, micros: bigint): string {
  const unit = 10n ** BigInt(6 - exponentOf(company.currency));
  return format.money((micros + unit - 1n) / unit, company.currency);
}

/** The price of one part: providers price by fractions of the smallest unit. */
export function partPriceOf({ locale, company }: Pick<CompanyContext, 'locale' | 'company'>, micros: bigint): string {
  const style = { style: 'currency', currency: company.currency, maximumFractionDigits: 6 } as const;
  return new Intl.NumberFormat(locale === 'uk' ? 'uk' : 'en-GB', style).format(Number(micros) / 1e6);
}
