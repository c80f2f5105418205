import { type Sql, sql } from '../platform/db.ts';
import type { CompanyProfile, NewCompany } from './input.ts';

export interface CompanyRow {
  id: string;
  slug: string;
  name: string;
  country: string;
  currency: string;
  timezone: string;
  locale: 'en' | 'uk';
  plan: 'paid' | 'free';
  identity: 'automatic' | 'ask';
  created_at: Date;
  members: number;
}

const columns = sql`c.id, c.slug, c.name, c.country, c.currency, c.timezone, c.locale, c.plan, c.identity, c.created_at,
  (select count(*)::int from membership m where m.company_id = c.id) as members`;

export const insert = (id: string, input: NewCompany): Sql => sql`
  insert into company (id, slug, name, country, currency, timezone, locale, plan, quiet_hours)
  values (${id}::uuid, ${input.slug}, ${input.name}, ${input.country}, ${input.currency}, ${input.timezone}, ${input.locale},
          ${input.plan}, ${input.quietHours})
  on conflict (slug) do nothing`;

export const list = (q: string, limit: number): Sql => sql`
  select ${columns} from company c where not c.watch and position(lower(${q}) in lower(c.name || ' ' || c.slug)) > 0
  order by lower(c.name), c.id limit ${limit}`;

export const byId = (id: string): Sql => sql`select ${columns} from company c where c.id = ${id}::uuid`;

export const idOfSlug = (slug: string): Sql => sql`select id from company where slug = ${slug}`;

// Not the currency: every sum of the company stands in it.
export const update = (id: string, name: string, plan: 'paid' | 'free'): Sql => sql`
  update company set name = ${name}, plan = ${plan} where id = ${id}::uuid`;

export const updateProfile = (id: string, { name, timezone, locale, identity }: CompanyProfile): Sql => sql`
  update company set name = ${name}, timezone = ${timezone}, locale = ${locale}, identity = ${identity} where id = ${id}::uuid`;

export const wantSecondFactor = (id: string, wanted: boolean): Sql => sql`
  update company set second_factor = ${wanted} where id = ${id}::uuid and second_factor <> ${wanted}`;

export const ofUser = (userId: string): Sql => sql`
  select c.id, c.name, m.role from membership m join company c on c.id = m.company_id
  where m.user_id = ${userId}::uuid order by lower(c.name), c.id`;

export const smsSettings = (): Sql => sql`
  select sms_consent as consent, sms_cap::int as cap, sms_budget as budget, quiet_hours as "quietHours"
  from company where id = current_company()`;

interface SmsRow {
  consent: string;
  cap: number;
  budget: bigint | null;
  quietHours: string | null;
}

export const updateSms = (id: string, { consent, cap, budget, quietHours }: SmsRow): Sql => sql`
  update company set sms_consent = ${consent}, sms_cap = ${cap}, sms_budget = ${budget === null ? null : String(budget)}::bigint,
         quiet_hours = ${quietHours}
  where id = ${id}::uuid`;
