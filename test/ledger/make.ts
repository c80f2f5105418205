import { newId } from '../../src/kernel/id.ts';
import * as ledger from '../../src/ledger/ledger.ts';
import { type Sql, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { rows } from '../tags/make.ts';

/** A company with one campaign that is being sent. */
export interface Shop {
  portal: TestApp;
  company: Company;
  campaignId: string;
  inside<T>(work: (db: CompanyDb) => Promise<T>): Promise<T>;
}

interface CampaignWishes {
  kind?: 'group' | 'one' | 'reply' | 'test';
  name?: string;
  channel?: ledger.Channel;
  fallback?: 'sms';
  sender?: string;
  state?: 'draft' | 'scheduled' | 'sending' | 'paused' | 'finished' | 'cancelled';
  scheduledAt?: Date;
  expiresAt?: Date;
  obeysQuietHours?: boolean;
}

let portals: TestApp[] = [];

export async function openShop(
  wishes: CampaignWishes & { settings?: Record<string, string>; cap?: number } = {},
): Promise<Shop> {
  const portal = await makeApp(wishes.settings);
  portals.push(portal);
  return shopIn(portal, wishes);
}

export async function closeShops(): Promise<void> {
  for (const portal of portals) await portal.close();
  portals = [];
}

/** Another company beside. */
export async function shopIn(
  portal: TestApp,
  { cap = 0, ...wishes }: CampaignWishes & { cap?: number } = {},
): Promise<Shop> {
  const company = await makeCompany(portal);
  await portal.database.prisma.$executeRaw(sql`update company set sms_cap = ${cap} where id = ${company.id}::uuid`);
  const campaignId = await addCampaign(portal, company, wishes);
  return { portal, company, campaignId, inside: (work) => portal.tenancy.inCompany(company, work) };
}

export async function addCampaign(portal: TestApp, company: Company, wishes: CampaignWishes = {}): Promise<string> {
  const {
    kind = 'group',
    name = 'Autumn',
    channel = 'sms',
    fallback = null,
    sender = null,
    state = 'sending',
  } = wishes;
  const { scheduledAt = null, expiresAt = null, obeysQuietHours = false } = wishes;
  const id = newId();
  await portal.database.prisma.$executeRaw(sql`
    insert into campaign (company_id, id, kind, name, channel, fallback, sender, body, state, scheduled_at, expires_at,
                          obeys_quiet_hours, launched_at, running_since)
    values (${company.id}::uuid, ${id}::uuid, ${kind}, ${name}, ${channel}, ${fallback}, ${sender}, 'Hello', ${state},
            ${scheduledAt}::timestamptz, ${expiresAt}::timestamptz, ${obeysQuietHours}, now() - interval '1 day',
            now() - interval '1 day')`);
  return id;
}

/** The n-th number of the tests: a Ukrainian mobile one. */
export const phone = (n: number): string => `+38067${String(1_000_000 + n)}`;

/** Plans an SMS to each of these numbers. */
export const planTo = (db: CompanyDb, campaignId: string, phones: readonly string[], channel: ledger.Channel = 'sms') =>
  ledger.plan(db, campaignId, audience(phones, channel));

export const audience = (phones: readonly string[], channel: ledger.Channel = 'sms'): Sql => sql`
  select null::uuid as customer_id, ${channel} as channel, n.phone as address, n.key as address_key, 'UA' as country,
         'Hello ' || n.phone as body, null::text as code, 1::bigint as parts, 500000::bigint as price_micros, null::text as reason,
         now() - interval '1 hour' as due_at
  from unnest(${[...phones]}::text[], ${phones.map(keyOfPhone)}::text[]) as n (phone, key)`;

export const phones = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => phone(from + n));

/** What a test looks at of each row, by number. */
export interface Row {
  id: string;
  address: string | null;
  channel: string;
  state: ledger.State;
  reason: string | null;
  sid: string | null;
  claim: string | null;
  attempts: number;
  error_code: string | null;
  first_id: string | null;
  sender: string | null;
}

export const deliveries = ({ portal, campaignId }: Pick<Shop, 'portal' | 'campaignId'>): Promise<Row[]> =>
  rows<Row>(
    portal,
    sql`
    select id, address, channel, state, reason, sid, claim, attempts::int as attempts, error_code, first_id, sender
    from delivery where campaign_id = ${campaignId}::uuid order by address, channel, id`,
  );

export async function campaignState({ portal, campaignId }: Pick<Shop, 'portal' | 'campaignId'>): Promise<string> {
  const [row] = await rows<{ state: string }>(portal, sql`select state from campaign where id = ${campaignId}::uuid`);
  return row?.state ?? 'gone';
}

/** As if the worker that holds them had died so long ago that nobody waits for it any more. */
export const letLeasesEnd = ({ portal, campaignId }: Shop): Promise<number> =>
  portal.database.prisma.$executeRaw(sql`
    update delivery set lease_until = now() - interval '1 second' where campaign_id = ${campaignId}::uuid and lease_until is not null`);

export const now = () => new Date();

export const take = ({ inside, campaignId }: Shop, limit = 100) =>
  inside((db) => ledger.claim(db, campaignId, { limit, seconds: 60, now: now() }));

export const ring = ({ inside, campaignId }: Shop, claim: ledger.Claim) =>
  inside((db) =>
    ledger.call(
      db,
      campaignId,
      { claim: claim.claim, ids: claim.rows.map(({ id }) => id) },
      { sender: '+15005550006', seconds: 60, now: now() },
    ),
  );

/** A company with a campaign of so many numbers, planned. */
export async function planned(
  portal: TestApp,
  count: number,
  wishes: Parameters<typeof shopIn>[1] = {},
): Promise<Shop> {
  const shop = await shopIn(portal, wishes);
  await shop.inside((db) => planTo(db, shop.campaignId, phones(count)));
  return shop;
}

export const statesOf = async (shop: Shop): Promise<ledger.State[]> =>
  (await deliveries(shop)).map(({ state }) => state);

export const accepted = (ids: readonly string[]): ledger.Settlement[] =>
  ids.map((id) => ({ id, state: 'accepted', sid: `SM${id}` }));
