import { createCompany, newCompany } from '../../src/companies/companies.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { newId } from '../../src/kernel/id.ts';
import * as drafts from '../../src/sms/draft/draft.ts';
import { launch } from '../../src/sms/launch/launch.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { FROM, type Stage } from './stage.ts';

/** A company whose customers are to be written to. */
export interface World {
  company: Company;
  numbers: readonly string[];
}

interface Wishes {
  recipients: number;
  timezone?: string;
  quietHours?: string | null;
  /** SMS to one customer a day; 0: any number */
  cap?: number;
  now?: Date;
}

const BATCH = 500;
let numbered = 0;

export async function makeWorld({ services, ask }: Stage, wishes: Wishes): Promise<World> {
  const { recipients, timezone = 'Europe/Kyiv', quietHours = null, cap = 1, now = new Date() } = wishes;
  const name = `faults-${newId().slice(-8)}`;
  const input = newCompany.parse({ slug: name, name, country: 'UA', currency: 'UAH', timezone, quietHours });
  const id = await services.tenancy.inPortal((db) => createCompany(db, input, null));
  await ask('update company set sms_cap = $2 where id = $1', [id, cap]);
  const company = await services.tenancy.companyOfJob({ companyId: id });
  if (!company) throw new Error('The company was not made');
  const numbers = Array.from({ length: recipients }, () => `+38067${String(numbered++).padStart(7, '0')}`);
  for (let from = 0; from < recipients; from += BATCH) {
    const orders = numbers.slice(from, from + BATCH).map((phone) => orderOf(phone, now));
    await ingestOrders(services.tenancy, company, orders, now);
  }
  return { company, numbers };
}

const orderOf = (phone: string, now: Date) => ({
  externalId: `order of ${phone}`,
  placedAt: new Date(now.getTime() - 86_400_000).toISOString(),
  currency: 'UAH',
  total: '100.00',
  customer: { accountId: phone, name: `Customer ${phone.slice(-4)}`, phones: [phone] },
});

/** So many messages a second may leave, of all worlds together. */
export const setPace = ({ ask }: Pick<Stage, 'ask'>, perSecond: number) =>
  ask(
    `insert into sender (id, address, per_second) values (gen_random_uuid(), $1, $2)
     on conflict (address) do update set per_second = excluded.per_second`,
    [FROM, perSecond],
  );

/** Writes to all its customers, as a person would: a draft, then its launch. Answers the campaign's id. */
export async function launchTo(
  { services }: Pick<Stage, 'services'>,
  { company }: World,
  { scheduledAt = null, now = new Date() }: { scheduledAt?: Date | null; now?: Date } = {},
): Promise<string> {
  const { publicUrl } = services.config;
  return services.tenancy.inCompany(company, async (db) => {
    const id = await drafts.create(db, { ...DRAFT, name: `Campaign ${newId().slice(-6)}`, scheduledAt }, null);
    await launch(db, id, { userId: null, now, publicUrl });
    return id;
  });
}

const DRAFT = {
  channel: 'sms',
  fallback: false,
  sender: null,
  body: 'Hello {{name|friend}}, autumn has come',
  whom: { filter: '' },
  expiresAt: null,
} as const;

export async function campaignState({ ask }: Pick<Stage, 'ask'>, id: string): Promise<string> {
  const [row] = await ask<{ state: string }>('select state from campaign where id = $1', [id]);
  return row?.state ?? 'gone';
}
