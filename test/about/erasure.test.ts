import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isNamedIn } from '../../src/about/requests/imported/imported.ts';
import { changes, remove } from '../../src/customers/customers.ts';
import { recompute } from '../../src/identity/identity.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { bring, check, importRow } from '../imports/make.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { ask, buy, newPhone, prove, tablesWith } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const erase = async (phone: string) => ask(portal, await prove(portal, phone), 'erasure');
const local = (phone: string) => `0${phone.slice(4)}`;

describe('erasure of imported files', () => {
  test('empties rows that only wait, rows that were refused, and the first rows that are shown', async () => {
    const company = await makeCompany(portal);
    const owner = await makeUser(portal, { company });
    const [phone, other] = [newPhone(), newPhone()];
    const file = `Name,Phone,E-mail\nWaits Quietly,０${local(phone).slice(1)},\nRefused One,call ${local(phone)} please,\nStays There,${other},\n`;
    const id = await bring(portal, company, owner.id, file);
    await check(portal, company, id);
    const { text } = await erase(phone);
    expect(text).toContain('1 company');
    for (const word of ['Waits Quietly', 'Refused One', local(phone)])
      expect([word, await tablesWith(portal, word)]).toEqual([word, []]);
    expect(await tablesWith(portal, 'Stays There')).toEqual(['import', 'import_row']);
    // The file itself names them: what was checked goes on from its rows.
    expect(await importRow(portal, company, id)).toMatchObject({ file_key: null, state: 'checked' });
  });

  test('removes a file that was left by an import that is over', async () => {
    const company = await makeCompany(portal);
    const owner = await makeUser(portal, { company });
    const phone = newPhone();
    const id = await bring(portal, company, owner.id, `Name,Phone\nImported Ivan,${phone}\n`);
    const { file_key: key } = await importRow(portal, company, id);
    await portal.database.prisma.$executeRaw(sql`update import set state = 'cancelled' where id = ${id}::uuid`);
    await erase(phone);
    expect((await importRow(portal, company, id)).file_key).toBeNull();
    expect(await portal.services.files.open(String(key))).toBeNull();
    for (const word of ['Imported Ivan', phone]) expect([word, await tablesWith(portal, word)]).toEqual([word, []]);
  });

  test.each([
    ['+380671234567', true],
    ['067 123-45-67', true],
    ['(067) 123 45 67; 050 111 22 33', true],
    ['ring 00380 67 123 45 67 after six', true],
    ['０６７ １２３ ４５ ６７', true],
    ['067 123 45 678', false],
    ['1067 123 45 67', false],
    ['67123', false],
    ['', false],
  ])('knows the number in a cell: %j %j', (cell, named) => {
    expect(isNamedIn(['x', cell], '+380671234567', 'UA')).toBe(named);
  });
});

test('erasure throws away the copies that were made before', async () => {
  const phone = newPhone();
  await buy(portal, await makeCompany(portal), { phones: [phone], name: 'Copied First' });
  const person = await prove(portal, phone);
  await ask(portal, person, 'copy');
  const [row] = await portal.database.prisma.$queryRaw<{ file_key: string }[]>(
    sql`select file_key from person_request where file_key is not null order by created_at desc limit 1`,
  );
  expect((await person.get('/about-me/copy/file')).status).toBe(200);
  expect((await person.get('/about-me/erasure')).text).toContain('expire within 7 days');
  await ask(portal, person, 'erasure');
  expect((await person.get('/about-me/copy/file')).status).toBe(404);
  expect(await portal.services.files.open(String(row?.file_key))).toBeNull();
  expect(existsSync(join(portal.services.config.dataDir, String(row?.file_key)))).toBe(false);
});

test('erasure leaves whoever was deleted with a longer number that begins alike', async () => {
  const company = await makeCompany(portal, { country: 'DE' });
  const [short, long] = ['+4915112345678', '+49151123456789'];
  const deleted = await buy(portal, company, { emails: ['long@example.com'], name: 'Longer Number' });
  await portal.tenancy.inCompany(company, async (db) => {
    const id = deleted.customerId;
    await db.tables.contact.create({
      data: { companyId: company.id, kind: 'phone', value: long, given: long, customerId: id, originId: id },
    });
    await remove(db, [id], null);
  });
  expect((await erase(short)).text).toContain('0 companies');
  expect(await tablesWith(portal, long)).toEqual(['customer', 'trash_contact']);
  await buy(portal, company, { phones: [short], name: 'Shorter Number' });
  expect((await erase(short)).text).toContain('1 company · 1 order');
  expect(await tablesWith(portal, 'long@example.com')).toContain('customer');
});

test('erasure finds the number in proposals, and in the history of a card from which it was taken away', async () => {
  const company = await makeCompany(portal);
  const phone = newPhone();
  const { customerId } = await buy(portal, company, { emails: ['kept@example.com'], name: 'Kept Person' });
  await portal.tenancy.inCompany(company, async (db) => {
    await changes.write(db, {
      customerId,
      userId: null,
      action: 'edited',
      changes: [{ field: 'phones', before: [phone, '+380501112233'], after: ['+380501112233'] }],
    });
    await db.execute(
      sql`insert into shared_proposal (company_id, id, kind, value, names) values (${company.id}::uuid, ${newId()}::uuid, 'phone', ${phone}, 9)`,
    );
    await recompute(db, [customerId]);
  });
  await erase(phone);
  expect(await tablesWith(portal, phone)).toEqual([]);
  expect(await tablesWith(portal, '+380501112233')).toEqual(['customer_change']);
  expect(await tablesWith(portal, 'Kept Person')).toContain('customer');
});
