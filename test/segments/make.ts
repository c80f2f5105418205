import { record } from '../../src/consents/consents.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { Person } from '../customers/make.ts';
import type { TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

/** The dictionary, and who has what of it. */
export async function storeTags(
  { tenancy }: TestApp,
  company: Company,
  ids: readonly string[],
  people: readonly Person[],
): Promise<void> {
  const { id: companyId } = company;
  const uses = people.flatMap(({ id, tags }) => tags.map((tagId) => ({ companyId, customerId: id, tagId })));
  await tenancy.inCompany(company, async ({ tables }) => {
    await tables.tag.createMany({
      data: ids.map((id, at) => ({ companyId, id, name: `Tag ${at}`, nameFolded: `tag ${at}` })),
    });
    await tables.customerTag.createMany({ data: uses });
  });
}

/** As many published reviews about each person's first phone as it says. */
export async function storeReviews({ database }: TestApp, company: Company, people: readonly Person[]): Promise<void> {
  const rows = people.flatMap(({ phones, reviews }) =>
    Array.from({ length: reviews }, () => ({ id: newId(), phone_key: keyOfPhone(phones[0] ?? '') })),
  );
  const text = JSON.stringify(rows);
  const keys = JSON.stringify(
    people.flatMap(({ phones }) => phones.map((value) => ({ value, key: keyOfPhone(value) }))),
  );
  await database.prisma.$executeRaw(sql`
    update contact c set phone_key = k.key from jsonb_to_recordset(${keys}::jsonb) as k(value text, key text)
    where c.company_id = ${company.id}::uuid and c.kind = 'phone' and c.value = k.value`);
  await database.prisma.$executeRaw(sql`
    insert into dealing (company_id, phone_key, by_portal, first_at, last_at, counted_on)
    select ${company.id}::uuid, key, true, now(), now(), current_date from jsonb_to_recordset(${keys}::jsonb) as k(key text)`);
  await database.prisma.$executeRaw(sql`
    insert into review (id, phone_key, phone_hint, sentiment, reason, text, dealt_at, published_at)
    select id, phone_key, '00', 'positive', 'good', 'Fine', now(), now()
    from jsonb_to_recordset(${text}::jsonb) as r(id uuid, phone_key text)`);
}

/** What each person said about SMS, beside a word about e-mail that counts for nothing here. */
export async function storeConsents({ tenancy }: TestApp, company: Company, people: readonly Person[]): Promise<void> {
  const told = people.flatMap(({ phones, consent }) =>
    consent === 'none' || !phones[0] ? [] : [{ addressKey: keyOfPhone(phones[0]), granted: consent === 'yes' }],
  );
  const said = { at: new Date('2026-01-01'), source: 'test', wording: '' };
  const words = told.flatMap((each) => [
    { ...said, ...each, channel: 'sms' as const },
    { ...said, ...each, granted: !each.granted, channel: 'viber' as const },
  ]);
  await tenancy.inCompany(company, (db) => record(db, words, null));
}
