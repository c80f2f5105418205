import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { remove, restore } from '../../src/customers/customers.ts';
import { planNumbers, readNumbers } from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { buy } from '../about/make.ts';
import { add } from '../customers/edit/form.ts';
import { importFile } from '../imports/make.ts';
import { makeApp, makeCompany, makeUser, memberOf, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const traits = async (company: Company) => {
  const rows = await portal.tenancy.reading(company, (db) =>
    db.query<{ value: string; mobile: boolean | null; country: string | null }>(
      sql`select value, mobile, country from contact where company_id = current_company() and kind = 'phone' order by value`,
    ),
  );
  return rows.map(({ value, mobile, country }) => `${value} ${mobile} ${country}`);
};

test('P-02 whether a number may take SMS is known however it came: by an order, a file, a form, or back from the trash', async () => {
  const company = await makeCompany(portal);
  const { id: userId } = await makeUser(portal, { company });
  const { customerId } = await buy(portal, company, {
    phones: ['067 123 45 67', '+39 06 698 12345'],
    emails: ['a@example.com'],
  });
  await importFile(portal, company, userId, 'Phone\n+80012345678\n');
  const owner = await memberOf(portal, company);
  await owner.get('/customers/new');
  await add(owner, { name: 'Typed', 'phones.0': '+49 151 12345678' });
  const expected = [
    '+380671234567 true UA',
    '+390669812345 false VA',
    '+4915112345678 true DE',
    '+80012345678 false 800',
  ];
  expect(await traits(company)).toEqual(expected);
  await portal.tenancy.inCompany(company, (db) => remove(db, [customerId], userId));
  await portal.tenancy.inCompany(company, (db) => restore(db, [customerId], userId));
  expect(await traits(company)).toEqual(expected);
});

test('P-02 numbers that an earlier version stored are looked at once, by a job or by whoever needs them first', async () => {
  const company = await makeCompany(portal);
  await buy(portal, company, { phones: ['067 123 45 67', '+48 512 345 678'] });
  const expected = ['+380671234567 true UA', '+48512345678 true PL'];
  const forget = () =>
    portal.database.prisma.$executeRaw(
      sql`update contact set mobile = null, country = null where company_id = ${company.id}::uuid`,
    );
  await forget();
  await planNumbers(portal.tenancy);
  await portal.runJobs();
  expect(await traits(company)).toEqual(expected);
  await forget();
  await portal.tenancy.inCompany(company, readNumbers);
  expect(await traits(company)).toEqual(expected);
});
