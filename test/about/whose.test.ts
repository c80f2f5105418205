import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { present } from '../../src/about/requests/found/theirs.ts';
import { lock, share } from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeCompany, type TestApp, type Visitor } from '../make.ts';
import { ask, buy, newPhone, prove } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);

interface Copied {
  companies: { company: string; left: object | null; contact: object | null; orders: { externalId: string }[] }[];
}
const copyOf = async (person: Visitor): Promise<Copied> => (await person.get('/about-me/copy/file')).body as Copied;

/** Every number that the company keeps in evidence. */
const evidenceOf = (phone: string) =>
  portal.database.prisma.$queryRaw<{ arrival_id: string }[]>(
    sql`select arrival_id from evidence where kind = 'phone' and value = ${phone}`,
  );

describe('a number that several people have', () => {
  test('neither copies nor erases what its company keeps; the page says whom to ask', async () => {
    const [company, other] = [await makeCompany(portal), await makeCompany(portal)];
    const phone = newPhone();
    await buy(portal, company, { phones: [phone], name: 'Reception', emails: ['desk@example.com'] });
    await buy(portal, other, { phones: [phone], name: 'Reception' });
    await portal.tenancy.inCompany(company, async (db) => {
      await lock(db);
      await share(db, { contact: { kind: 'phone', value: phone }, userId: null });
    });
    const person = await prove(portal, phone);
    const words = `${company.name} keeps this number as one that several people have`;
    expect((await ask(portal, person, 'copy')).text).toContain(words);
    const { companies } = await copyOf(person);
    expect(companies.find((part) => part.company === company.name)).toMatchObject({
      left: { why: 'shared' },
      contact: null,
      orders: [],
    });
    expect(companies.find((part) => part.company === other.name)?.orders).toHaveLength(1);
    const { text } = await ask(portal, person, 'erasure');
    expect(text).toContain(words);
    expect(text).toContain('1 company · 1 order');
    expect(await evidenceOf(phone)).toHaveLength(1);
  });
});

describe('a number that somebody else had before', () => {
  test('shows and erases nothing from before a year of silence', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    const theirs = await buy(portal, company, { phones: [phone], name: 'Former' }, ago(800));
    const mine = await buy(portal, company, { phones: [phone], name: 'Present' }, ago(30));
    const person = await prove(portal, phone);
    const words = `${company.name}: 1 entry may be about somebody who had the number before`;
    expect((await ask(portal, person, 'copy')).text).toContain(words);
    const { companies } = await copyOf(person);
    expect(companies[0]?.orders.map(({ externalId }) => externalId)).toEqual([mine.externalId]);
    expect(companies[0]?.left).toEqual({ why: 'former', count: 1 });
    const { text } = await ask(portal, person, 'erasure');
    expect(text).toContain('1 company · 1 order');
    expect(text.split(words)).toHaveLength(3);
    expect(await evidenceOf(phone)).toEqual([{ arrival_id: theirs.id }]);
    const [row] = await portal.database.prisma.$queryRaw<{ name: string }[]>(
      sql`select name from arrival where id = ${theirs.id}::uuid`,
    );
    expect(row?.name).toBe('Former');
  });

  test('nor where the silence lasts until today', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    const theirs = await buy(portal, company, { phones: [phone], name: 'Long Ago' }, ago(500));
    const person = await prove(portal, phone);
    const { text } = await ask(portal, person, 'erasure');
    expect(text).toContain('0 companies');
    expect(text).toContain(`${company.name}: 1 entry`);
    expect(await evidenceOf(phone)).toEqual([{ arrival_id: theirs.id }]);
  });

  test('nor what came with another name and another e-mail than the latest', async () => {
    const company = await makeCompany(portal);
    const phone = newPhone();
    await buy(portal, company, { phones: [phone], name: 'Olena Koval', emails: ['olena@example.com'] }, ago(20));
    await buy(portal, company, { phones: [phone], name: 'Petro Bondar', emails: ['petro@example.com'] }, ago(10));
    await buy(portal, company, { phones: [phone], name: 'Petro' }, ago(5));
    const person = await prove(portal, phone);
    await ask(portal, person, 'copy');
    const [part] = (await copyOf(person)).companies;
    expect(part?.orders).toHaveLength(2);
    expect(JSON.stringify(part)).not.toContain('Olena');
    expect((await ask(portal, person, 'erasure')).text).toContain('1 company · 2 orders');
    expect(await evidenceOf(phone)).toHaveLength(1);
  });

  test('one name or one e-mail in common is enough to be the same person', () => {
    const now = new Date();
    const row = (name: string, emails: string[], days: number) => ({ at: ago(days), name, emails, alive: true });
    const rows = [row('Olena Koval', ['a@x.com'], 40), row('Koval', ['b@x.com'], 30), row('Ірина', ['b@x.com'], 20)];
    expect(present(rows.slice(0, 2), now)).toHaveLength(2);
    expect(present(rows.slice(1), now)).toHaveLength(2);
    expect(present(rows, now)).toHaveLength(2);
    expect(present([], now)).toEqual([]);
    const line = { ...row('Line', [], 600), alive: false };
    expect(present([line, row('', [], 700), row('', [], 10)], now)).toHaveLength(1);
  });
});
