import { randomBytes, randomInt } from 'node:crypto';
import { remove } from '../customers/customers.ts';
import * as identity from '../identity/identity.ts';
import { ingestFeedback, ingestMessages, ingestOrders } from '../ingest/ingest.ts';
import { newId } from '../kernel/id.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

/** So many that each has another one to be looked for in. */
const COMPANIES = 2;

/**
 * Companies of the portal itself, where nobody works, with customers whose name, phone, e-mail, orders, notes, tags, segments, files and
 * texts carry a word that stands nowhere else. Made once; does nothing where they are.
 */
export async function plant({ tenancy, clock }: Pick<Services, 'tenancy' | 'clock'>): Promise<void> {
  const ids = await tenancy.inPortal(async (db) => {
    await db.query(sql.lock());
    const there = (await db.query<{ id: string }>(sql.companies())).map(({ id }) => id);
    while (there.length < COMPANIES) {
      const [id, word] = [newId(), `canary${randomBytes(6).toString('hex')}`];
      await db.execute(sql.insertCompany({ id, slug: `watch-${word}`, name: `Watch ${word}` }));
      await db.execute(sql.insertKey(newId(), id, word, randomBytes(32).toString('hex')));
      there.push(id);
    }
    return there;
  });
  for (const companyId of ids) {
    const company = await tenancy.companyOfJob({ companyId });
    if (company) await fill({ tenancy, clock }, company);
  }
}

async function fill({ tenancy, clock }: Pick<Services, 'tenancy' | 'clock'>, company: Company): Promise<void> {
  const planted = await tenancy.reading(company, (db) => db.query(sql.planted()));
  if (planted.length > 0) return;
  const [now, word] = [clock(), company.slug.replace('watch-', '')];
  const at = new Date(now.getTime() - 60_000).toISOString();
  const phone = fictional();
  const person = (n: string, phones: string[]) => ({
    name: `${word} ${n}`,
    phones,
    emails: [`${word}.${n}@watch.invalid`],
    region: word,
  });
  const order = (n: string, phones: string[] = []) => ({
    ...{
      externalId: `${word}-${n}`,
      number: `${word}-${n}`,
      placedAt: at,
      currency: 'USD',
      customer: person(n, phones),
    },
    items: [{ sku: word, name: word, quantity: 1, unitPrice: '1.00' }],
    delivery: { method: word, address: word },
  });
  const customer = person('one', [phone]);
  await ingestOrders(tenancy, company, [order('one', [phone]), order('two'), order('gone')], now);
  await ingestMessages(tenancy, company, [{ externalId: word, sentAt: at, customer, text: word }], now);
  await ingestFeedback(tenancy, company, [{ externalId: word, writtenAt: at, customer, rating: 5, text: word }], now);
  await tenancy.inCompany(company, (db) => plantTheRest(db, word, phone));
}

/** All of it or nothing: where there is a tag, there is everything. */
async function plantTheRest(db: CompanyDb, word: string, phone: string): Promise<void> {
  await db.query(sql.lock());
  if ((await db.query(sql.planted())).length > 0) return;
  const found = await db.query<{ id: string; orderId: string | null }>(sql.customers());
  const [one, other] = found;
  const gone = await db.query<{ id: string }>(sql.byName(`${word} gone`));
  if (!one?.orderId || !other) throw new Error('What is looked for could not be planted');
  // Before the question whether they are one: the decision answers it.
  await identity.lock(db);
  await identity.keepApart(db, { customerId: one.id, otherId: other.id, userId: null });
  const plants = { company: db.company.id, id: newId(), second: newId(), word, phone, key: db.keyOfPhone(phone) };
  for (const statement of sql.plants({ ...plants, one: one.id, other: other.id, order: one.orderId }))
    await db.execute(statement);
  await remove(
    db,
    gone.map(({ id }) => id),
    null,
  );
}

/** Of the numbers that are kept for films and books: nobody is ever given one. */
const fictional = (): string => `+1${AREAS[randomInt(AREAS.length)]}55501${String(randomInt(100)).padStart(2, '0')}`;

const AREAS = ['202', '206', '212', '213', '303', '305', '312', '404', '415', '512', '602', '617', '702', '713', '808'];
