import { ingestOrders } from '../../../src/ingest/ingest.ts';
import { sql } from '../../../src/platform/db.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { hiddenField, makeApp, makeCompany, memberOf, type TestApp, type Visitor } from '../../make.ts';

/** A company without quiet hours, with customers of these names; each has a mobile number, in their order. */
export interface Seller {
  portal: TestApp;
  company: Company;
  owner: Visitor;
  /** ids, by the name */
  ids: Map<string, string>;
}

export const openPortal = () => makeApp();

export async function makeSeller(portal: TestApp, names: readonly string[]): Promise<Seller> {
  const company = await makeCompany(portal);
  await portal.database.prisma.$executeRaw(sql`update company set quiet_hours = null where id = ${company.id}::uuid`);
  const now = new Date();
  const orders = names.map((name, n) => ({
    ...{
      externalId: `o-${n}`,
      placedAt: new Date(now.getTime() - 60_000).toISOString(),
      currency: 'UAH',
      total: '10.00',
    },
    customer: { name, phones: [phoneOf(n)] },
  }));
  const results = await ingestOrders(portal.tenancy, company, orders, now);
  const ids = new Map(names.map((name, n) => [name, results[n]?.customerId ?? '']));
  return { portal, company, owner: await memberOf(portal, company), ids };
}

/** `+380671000000`, `+380671000001` … */
export const phoneOf = (n: number): string => `+38067100${String(n).padStart(4, '0')}`;

export const DRAFT = { name: 'Autumn', to: 'all', channel: 'sms', body: 'Hi {{first_name|friend}}' };

/** Writes a draft by the form. Answers its path. */
export async function writeDraft({ owner }: Seller, fields: Record<string, string | string[]> = {}): Promise<string> {
  await owner.get('/sms/new');
  const answer = await owner.post('/sms', { ...DRAFT, ...fields });
  if (answer.status !== 303) throw new Error(`The draft was answered ${answer.status}`);
  return String(answer.headers.location);
}

/** Launches it by its two pages. Answers the last answer. */
export async function launchDraft({ owner }: Seller, path: string) {
  const asked = await owner.get(`${path}/launch?seen=${seenIn((await owner.get(path)).text)}`);
  const seen = hiddenField(asked.text, 'seen') ?? '';
  return owner.post(`${path}/launch`, { seen });
}

/** What was looked at, from the page of a draft; empty: it offers no launch. */
export const seenIn = (html: string): string => /launch\?seen&#x3D;([^"]+)"/.exec(html)?.[1] ?? '';
