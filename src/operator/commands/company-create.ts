import { z } from 'zod';
import { createCompany } from '../../companies/companies.ts';
import { isCurrency } from '../../kernel/money.ts';
import { isCountry } from '../../kernel/phone.ts';
import { isZone } from '../../kernel/time.ts';
import { command, oneOf, word } from '../command.ts';
import { inPortal } from '../desk.ts';

/** `company:create --slug --name --country --currency --timezone [--locale] [--plan] [--quiet-hours 20:00-9:00|off]` */
export const companyCreate = command({
  flags: {
    slug: word(63).regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and dashes, such as blue-shop'),
    name: word(200),
    country: word(100).refine(isCountry, 'must be an ISO 3166 code such as UA'),
    currency: word(100).refine(isCurrency, 'must be an ISO 4217 code such as UAH'),
    timezone: word(100).refine(isZone, 'must be an IANA name such as Europe/Kyiv'),
    locale: oneOf(['en', 'uk']).default('en'),
    plan: oneOf(['paid', 'free']).default('paid'),
    quietHours: z
      .string()
      .regex(/^(([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d|off)$/, 'must be a span such as 20:00-9:00, or off')
      .default('20:00-9:00'),
  },
  run: async (desk, { quietHours, ...input }) => {
    const company = { ...input, quietHours: quietHours === 'off' ? null : quietHours };
    const id = await inPortal(desk, (db) => createCompany(db, company, null));
    return { id, ...company };
  },
});
