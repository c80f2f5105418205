import { ingestFeedback, ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { makeCompany, makeUser, type TestApp } from '../make.ts';

/** Texts of another company, as it would see them: none may ever reach one that attacks. */
export const CANARIES = ['Kanarienvogel', 'canary-b@example.com', '671112233', 'canary-b-order', 'canary-company-b'];

/** Whether a text shows what another company has. */
export const foreignIn = (text: string): string | undefined => CANARIES.find((canary) => text.includes(canary));

export async function plantCanaries(portal: TestApp): Promise<void> {
  const company = await makeCompany(portal, { slug: 'canary-company-b', name: 'canary-company-b' });
  await makeUser(portal, { company, name: 'Kanarienvogel' });
  const now = new Date();
  const at = new Date(now.getTime() - 3_600_000).toISOString();
  const customer = { name: 'Kanarienvogel', phones: ['+380671112233'], emails: ['canary-b@example.com'] };
  const order = { externalId: 'canary-b-order', placedAt: at, currency: 'UAH', total: '10.00', customer };
  const { tenancy } = portal;
  await ingestOrders(tenancy, company, [order], now);
  await ingestMessages(tenancy, company, [{ externalId: 'm', sentAt: at, customer, text: 'Kanarienvogel' }], now);
  const feedback = { externalId: 'f', writtenAt: at, customer, rating: 1, text: 'Kanarienvogel' };
  await ingestFeedback(tenancy, company, [feedback], now);
}
