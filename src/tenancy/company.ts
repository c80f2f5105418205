declare const made: unique symbol;

/** A company whose right to be opened was proved: only `tenancy/` can make one, and only this opens a handle. */
export interface Company {
  readonly [made]: true;
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** ISO 3166 code; phones without a country code are read as numbers of this country */
  readonly country: string;
  /** ISO 4217 code of all sums of this company */
  readonly currency: string;
  /** IANA zone in which days begin */
  readonly timezone: string;
  readonly locale: Locale;
  /** `free`: the cabinet is read-only, ingest goes on (P-05) */
  readonly plan: 'paid' | 'free';
  /** what happens when one arrival names two customers */
  readonly identity: 'automatic' | 'ask';
}

export type Locale = 'en' | 'uk';
export type Role = 'owner' | 'manager' | 'viewer';

export interface CompanyRow {
  id: string;
  slug: string;
  name: string;
  country: string;
  currency: string;
  timezone: string;
  locale: string;
  plan: string;
  identity: string;
}

/** Not for use outside `tenancy/`: whoever calls this has proved the right to the company. */
export function proved(row: CompanyRow): Company {
  const { id, slug, name, country, currency, timezone, locale, plan, identity } = row;
  return Object.freeze({ id, slug, name, country, currency, timezone, locale, plan, identity }) as Company;
}
