import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, type TestApp } from '../make.ts';
import { bad, nextPhone, ordered, publishAll, seller, words, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const NOW = new Date('2026-11-22T10:00:00Z');
const at = (text: string) => new Date(`${text}T10:00:00Z`);

/** What stands outside of the folds, and in each of them. */
async function page({ owner, tab }: { owner: { get(path: string): Promise<{ text: string }> }; tab: string }) {
  const html = (await owner.get(tab)).text;
  const main = html.slice(html.indexOf('<main'));
  const folds = [...main.matchAll(/<details class="card[^"]*">[\s\S]*?<\/details>/g)].map(([fold]) => fold);
  return {
    open: words(folds.reduce((rest, fold) => rest.replace(fold, ''), main)),
    folds: folds.map((fold) => words(`<main${fold}`)),
  };
}

test('reviews older than 12 months fade: they are folded, and still counted', async () => {
  const phone = nextPhone();
  portal.setNow(at('2025-11-21'));
  const [old, fresh] = [await seller(portal, { phones: [phone] }), await seller(portal, { phones: [phone] })];
  await write(old, phone, { ...bad, text: 'Written a year and a day ago.' });
  await publishAll(portal);
  portal.setNow(at('2025-11-23'));
  await write(fresh, phone, { ...bad, text: 'Written a day less than a year ago.' });
  await publishAll(portal);
  portal.setNow(NOW);
  const reader = await seller(portal, { phones: [phone] });
  await ordered(portal, reader.company, { phones: [phone] }, { at: at('2026-05-01') });
  const { open, folds } = await page(reader);
  expect(open).toContain('Reviews 2');
  expect(open).toContain('Written a day less than a year ago.');
  expect(open).not.toContain('Written a year and a day ago.');
  expect(folds).toHaveLength(1);
  expect(folds[0]).toContain('1 review, older than 12 months');
  expect(folds[0]).toContain('Written a year and a day ago.');
});

test('P-59 section 3, 4: after a year of silence a review may be about a former owner', async () => {
  const phone = nextPhone();
  portal.setNow(at('2025-10-01'));
  const author = await seller(portal, { phones: [phone] });
  await write(author, phone);
  await publishAll(portal);
  portal.setNow(NOW);
  const reader = await seller(portal, { phones: [phone] });
  const { open, folds } = await page(reader);
  expect(open).not.toContain(bad.text);
  expect(folds).toHaveLength(1);
  expect(folds[0]).toContain('may be about a former owner');
  expect(folds[0]).toContain(bad.text);
  await ordered(portal, reader.company, { phones: [phone] }, { at: at('2026-04-01') });
  expect((await page(reader)).folds[0]).toContain('older than 12 months');
});

test('section 3, 4: names and e-mails entirely different fold it too, however recent it is', async () => {
  const phone = nextPhone();
  portal.setNow(NOW);
  const author = await seller(portal, { phones: [phone], name: 'Olena Koval', emails: ['olena@example.com'] });
  await write(author, phone);
  await publishAll(portal);
  const stranger = await seller(portal, { phones: [phone], name: 'Petro Bondar', emails: ['petro@example.com'] });
  expect((await page(stranger)).folds[0]).toContain('may be about a former owner');
  const same = await seller(portal, { phones: [phone], name: 'O. Koval', emails: ['another@example.com'] });
  expect((await page(same)).open).toContain(bad.text);
});

test('section 3, 4: who knew only the former owner reads a newer review about the present one like any other', async () => {
  const phone = nextPhone();
  portal.setNow(at('2026-03-01'));
  const former = { phones: [phone], name: 'Petro Bondar', emails: ['petro@example.com'] };
  const reader = await seller(portal, former);
  portal.setNow(NOW);
  const author = await seller(portal, { phones: [phone], name: 'Olena Koval', emails: ['olena@example.com'] });
  await write(author, phone);
  await publishAll(portal);
  expect((await page(reader)).open).toContain(bad.text);
  // Once the former one orders again, after the dealing that the review tells of, it is another person's.
  portal.setNow(new Date(NOW.getTime() + 86_400_000));
  await ordered(portal, reader.company, former);
  expect((await page(reader)).folds[0]).toContain('may be about a former owner');
  portal.setNow(NOW);
});

test('section 3, 4: a name that somebody typed onto the card folds nothing', async () => {
  const phone = nextPhone();
  portal.setNow(NOW);
  const author = await seller(portal, { phones: [phone], name: 'Olena Koval', emails: ['olena@example.com'] });
  await write(author, phone);
  await publishAll(portal);
  const reader = await seller(portal, { phones: [phone], name: 'Olena Koval', emails: ['olena@example.com'] });
  const typist = await seller(portal, { phones: [phone] });
  await portal.tenancy.inCompany(reader.company, (db) =>
    db.execute(sql`update customer set name = 'Petro Bondar', name_by_hand = true where id = ${reader.customer}::uuid`),
  );
  await portal.tenancy.inCompany(typist.company, async (db) => {
    await db.execute(
      sql`update customer set name = 'Petro Bondar', name_by_hand = true where id = ${typist.customer}::uuid`,
    );
    await db.execute(sql`
      insert into contact (company_id, kind, value, customer_id, origin_id, given, by_hand)
      values (${typist.company.id}::uuid, 'email', 'petro@example.com', ${typist.customer}::uuid, ${typist.customer}::uuid, 'petro@example.com', true)`);
  });
  for (const who of [reader, typist]) expect((await page(who)).open).toContain(bad.text);
});

test('section 3, 6: who of a company first read others’ reviews of a number is written down, once', async () => {
  const phone = nextPhone();
  portal.setNow(NOW);
  const [author, reader] = [await seller(portal, { phones: [phone] }), await seller(portal, { phones: [phone] })];
  await write(author, phone);
  const looks = () =>
    portal.tenancy.inPortal((db) =>
      db.query<{ company: string }>(
        sql`select company_id as company from review_look where phone_key = ${db.keyOfPhone(phone)}`,
      ),
    );
  await reader.owner.get(reader.tab);
  expect(await looks()).toEqual([]);
  await publishAll(portal);
  for (let n = 0; n < 2; n++) await reader.owner.get(reader.tab);
  await author.owner.get(author.tab);
  expect(await looks()).toEqual([{ company: reader.company.id }]);
});

test('reading 9: that there is something to be read is told before a dealing only where the portal has switched that on', async () => {
  const phone = nextPhone();
  portal.setNow(NOW);
  const author = await seller(portal, { phones: [phone] });
  await write(author, phone);
  await publishAll(portal);
  const reader = await seller(portal, { phones: [nextPhone()] });
  await portal.tenancy.inCompany(reader.company, (db) =>
    db.execute(sql`
      insert into contact (company_id, kind, value, customer_id, origin_id, given, by_hand, phone_key)
      values (${reader.company.id}::uuid, 'phone', ${phone}, ${reader.customer}::uuid, ${reader.customer}::uuid, ${phone}, true, ${db.keyOfPhone(phone)})`),
  );
  const read = async () => words((await reader.owner.get(reader.tab)).text);
  expect(await read()).not.toContain('Other companies wrote about this customer');
  const set = (value: boolean) =>
    portal.tenancy.inPortal((db) =>
      db.execute(sql`insert into portal_setting (name, value) values ('reviews.typedInHint', ${JSON.stringify(value)}::jsonb)
        on conflict (name) do update set value = excluded.value`),
    );
  await set(true);
  expect(await read()).toContain('Other companies wrote about this customer');
  expect(await read()).not.toContain(bad.text);
  expect(await read()).toContain('Reviews 0');
  await set(false);
});
