import { z } from 'zod';
import { createCompany, newCompany } from '../../companies/companies.ts';
import { command, oneOf, value, word } from '../command.ts';
import { inPortal } from '../desk.ts';

const { slug, country, currency, timezone, quietHours } = newCompany.shape;

/** `company:create --slug --name --country --currency --timezone [--locale] [--plan] [--quiet-hours 20:00-9:00|off]` */
export const companyCreate = command({
  flags: {
    slug: value(slug, 'must be small letters, digits and dashes, such as blue-shop'),
    name: word(200),
    country: value(country, 'must be an ISO 3166 code such as UA'),
    currency: value(currency, 'must be an ISO 4217 code such as UAH'),
    timezone: value(timezone, 'must be an IANA name such as Europe/Kyiv'),
    locale: oneOf(['en', 'uk']).optional(),
    plan: oneOf(['paid', 'free']).optional(),
    quietHours: value(z.literal('off').or(quietHours.unwrap()), 'must be a span such as 20:00-9:00, or off').optional(),
  },
  run: async (desk, { quietHours, ...input }) => {
    const company = newCompany.parse({ ...input, quietHours: quietHours === 'off' ? null : quietHours });
    const id = await inPortal(desk, (db) => createCompany(db, company, null));
    return { id, ...company };
  },
});
