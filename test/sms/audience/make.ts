import { ingestOrders } from '../../../src/ingest/ingest.ts';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import * as drafts from '../../../src/sms/draft/draft.ts';
import { type DryRun, dryRun } from '../../../src/sms/launch/dry-run.ts';
import { type Recipient, recipients } from '../../../src/sms/launch/recipients.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import type { TestApp } from '../../make.ts';

export const PUBLIC_URL = 'https://c.example';

/** Noon of a Friday in Kyiv: nothing is quiet. */
export const NOON = new Date('2026-11-20T12:00:00+02:00');

export interface Whom {
  name?: string;
  region?: string;
  phones?: string[];
  placedAt?: string;
}

let orders = 0;

/** Customers as their orders bring them, one for each; answers their ids. */
export async function customersOf({ tenancy }: TestApp, company: Company, people: readonly Whom[]): Promise<string[]> {
  const items = people.map(({ name, region, phones, placedAt = '2026-11-01T10:00:00+02:00' }) => {
    const externalId = `order-${++orders}`;
    const customer = { accountId: externalId, name, region, phones };
    return { externalId, placedAt, currency: 'UAH', total: '10.00', customer };
  });
  const results = await ingestOrders(tenancy, company, items, NOON);
  return results.map(({ customerId }) => customerId ?? '');
}

/** Ukrainian mobile numbers, all different. */
export const mobile = (number: number): string => `+38067${String(number).padStart(7, '0')}`;

type Wishes = Partial<drafts.Draft> & {
  kind?: drafts.Kind;
  address?: string | null;
  obeysQuietHours?: boolean;
  externalId?: string;
};

/** A draft as its row says it; everybody of the company unless wished otherwise. */
export async function draftOf(
  { tenancy, database }: TestApp,
  company: Company,
  { kind = 'group', address = null, obeysQuietHours = true, ...wishes }: Wishes = {},
): Promise<drafts.CampaignRow> {
  const id = await tenancy.inCompany(company, (db) =>
    drafts.create(
      db,
      {
        name: `Campaign ${newId()}`,
        channel: 'sms',
        fallback: false,
        sender: null,
        body: 'Hello',
        whom: { filter: '' },
        scheduledAt: null,
        expiresAt: null,
        ...wishes,
      },
      null,
    ),
  );
  await database.prisma.$executeRaw(sql`
    update campaign set kind = ${kind}, address = ${address}, obeys_quiet_hours = ${obeysQuietHours} where id = ${id}::uuid`);
  return rowOf({ tenancy }, company, id);
}

export async function rowOf({ tenancy }: Pick<TestApp, 'tenancy'>, company: Company, id: string) {
  const row = await tenancy.inCompany(company, (db) => drafts.find(db, id));
  if (!row) throw new Error('The campaign is not there');
  return row;
}

export const look = ({ tenancy }: TestApp, company: Company, row: drafts.CampaignRow, now = NOON): Promise<DryRun> =>
  tenancy.reading(company, (db) => dryRun(db, row, { now, publicUrl: PUBLIC_URL }));

/** Everybody of the campaign, by customer. */
export async function everybody(
  { tenancy }: TestApp,
  company: Company,
  row: drafts.CampaignRow,
  now = NOON,
): Promise<Map<string, Recipient>> {
  const reasons = [
    'cap',
    'noConsent',
    'blocked',
    'stop',
    'channel',
    'notMobile',
    'noPhone',
    'tooLong',
    'empty',
    'noPrice',
  ] as const;
  const pages = await tenancy.reading(company, async (db) => {
    const moment = { now, publicUrl: PUBLIC_URL };
    const found: Recipient[] = [];
    for (const reason of [null, ...reasons]) {
      found.push(...(await recipients(db, row, moment, { reason, per: 1000, after: null })).rows);
    }
    return found;
  });
  return new Map(pages.map((recipient) => [recipient.customerId, recipient]));
}
