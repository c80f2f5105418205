import { z } from 'zod';
import { isCurrency } from '../kernel/money.ts';
import { isCountry } from '../kernel/phone.ts';
import { isZone } from '../kernel/time.ts';
import { line, oneOf } from '../web/form.ts';

const timezone = line(64).refine(isZone, 'companies.noZone');
const locale = oneOf(['en', 'uk']);

export const newCompany = z.object({
  slug: line(63)
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'companies.noSlug'),
  name: line(200),
  country: line(2).toUpperCase().refine(isCountry, 'companies.noCountry'),
  currency: line(3).toUpperCase().refine(isCurrency, 'companies.noCurrency'),
  timezone,
  locale: locale.default('en'),
  plan: oneOf(['paid', 'free']).default('paid'),
  /** `20:00-9:00`, in the company's zone; null: any time is good. The form leaves it alone. */
  quietHours: z
    .string()
    .regex(/^([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d$/, 'companies.noQuietHours')
    .nullable()
    .default('20:00-9:00'),
});
export type NewCompany = z.output<typeof newCompany>;

export const companyChange = newCompany.pick({ name: true }).extend({ plan: oneOf(['paid', 'free']) });
export type CompanyChange = z.output<typeof companyChange>;

export const companyProfile = z.object({ name: line(200), timezone, locale, identity: oneOf(['automatic', 'ask']) });
export type CompanyProfile = z.output<typeof companyProfile>;
