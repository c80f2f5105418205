import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, Visitor } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { buy, newPhone, prove, publish } from './make.ts';

let portal: TestApp;
let lampka: Company;
let gartenhaus: Company;
beforeAll(async () => {
  portal = await makeApp();
  lampka = await makeCompany(portal, { name: 'Lampka' });
  gartenhaus = await makeCompany(portal, { name: 'Gartenhaus', locale: 'en' });
});
afterEach(() => portal.setNow(null));
afterAll(() => portal.close());

const HOSTILE = `<script>alert(1)</script> "&amp;'; drop table reply; -- {{text}} ${'\u202e'}😀 Ї`;
const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;';

const cases = (reviewId: string) =>
  portal.database.prisma.$queryRaw<{ kind: string; subject_id: string; company_id: string | null }[]>(
    sql`select kind, subject_id, company_id from moderation_case where review_id = ${reviewId}::uuid and kind <> 'revision' order by created_at, id`,
  );

/** What the company sees of the number under its own policies. */
const seen = (company: Company, phone: string) =>
  portal.tenancy.inCompany(company, (db) =>
    db.query<{ id: string }>(sql`select id from review where phone_key = ${keyOfPhone(phone)}`),
  );

const dealt = (company: Company, phone: string) =>
  portal.database.prisma.$executeRaw(sql`
    insert into dealing (company_id, phone_key, by_portal, first_at, last_at, counted_on)
    values (${company.id}::uuid, ${keyOfPhone(phone)}, true, now(), now(), current_date) on conflict do nothing`);

describe('the page', () => {
  test('shows what companies published about the number, signed or not, and who looked first', async () => {
    const phone = newPhone();
    await publish(portal, lampka, phone, { text: `Parcel came back. ${HOSTILE}` });
    await publish(portal, gartenhaus, phone, {
      sentiment: 'positive',
      reason: 'good_buyer',
      text: 'Fine',
      anonymous: true,
    });
    await portal.tenancy.inCompany(gartenhaus, ({ tables }) =>
      tables.reviewLook.create({
        data: { companyId: gartenhaus.id, phoneKey: keyOfPhone(phone), at: new Date('2026-03-01') },
      }),
    );
    const { text } = await (await prove(portal, phone)).get('/about-me');
    for (const shown of ['Lampka', 'Refused a parcel', 'Parcel came back.', escaped, 'A company that did not sign']) {
      expect(text).toContain(shown);
    }
    expect(text).toContain('<strong>Gartenhaus</strong> <span class="muted">1 Mar 2026</span>');
    expect(text.match(/Gartenhaus/g)).toHaveLength(1);
    expect(text).not.toContain('<script>alert');
  });

  test('shows nothing about another number, nor what is not published', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    await publish(portal, lampka, other, { text: 'About somebody else' });
    const phoneKey = keyOfPhone(phone);
    await portal.tenancy.inCompany(lampka, async ({ tables }) => {
      const [companyId, reviewId] = [lampka.id, newId()];
      await tables.ownReview.create({ data: { companyId, id: reviewId, phoneKey, phoneHint: '00' } });
      await tables.reviewRevision.create({
        data: { companyId, id: newId(), reviewId, sentiment: 'negative', reason: 'fraud', text: 'Still waiting' },
      });
    });
    const { text } = await (await prove(portal, phone)).get('/about-me');
    expect(text).toContain('No company has published a review');
    expect(text).not.toMatch(/About somebody else|Still waiting/);
  });

  test('says which reviews companies see folded', async () => {
    const phone = newPhone();
    await publish(portal, lampka, phone, { at: new Date(Date.now() - 400 * 86_400_000) });
    await publish(portal, gartenhaus, phone);
    const { text } = await (await prove(portal, phone)).get('/about-me');
    expect(text.match(/companies see it folded/g)).toHaveLength(1);
  });

  test('is there in Ukrainian too', async () => {
    const phone = newPhone();
    await publish(portal, lampka, phone);
    const { text } = await (await prove(portal, phone)).get('/about-me?lang=uk');
    expect(text).toContain('Відгуки про вас');
    expect(text).toContain('Відмова від посилки'.slice(0, 6));
  });
});

describe('an answer', () => {
  test('is given once to each of two reviews, and waits for a moderator', async () => {
    const phone = newPhone();
    const [one, two] = [await publish(portal, lampka, phone), await publish(portal, gartenhaus, phone)];
    const person = await prove(portal, phone);
    for (const id of [one, two]) {
      await person.get(`/about-me/reviews/${id}/reply`);
      const answer = await person.post(`/about-me/reviews/${id}/reply`, { text: `I never got it. ${HOSTILE}` });
      expect([answer.status, answer.headers.location]).toEqual([303, '/about-me']);
      expect(await cases(id)).toEqual([{ kind: 'reply', subject_id: expect.any(String), company_id: null }]);
      expect((await person.get(`/about-me/reviews/${id}/reply`)).status).toBe(404);
      expect((await person.post(`/about-me/reviews/${id}/reply`, { text: 'Once more' })).status).toBe(404);
      expect(await cases(id)).toHaveLength(1);
    }
    const { text } = await person.get('/about-me');
    expect(text.match(/being read by a moderator/g)).toHaveLength(2);
    expect(text.match(/I never got it/g)).toHaveLength(2);
    expect(text).toContain(escaped);
    const [row] = await portal.database.prisma.$queryRaw<{ text: string }[]>(
      sql`select text from reply where review_id = ${one}::uuid`,
    );
    expect(row?.text).toBe(`I never got it. ${HOSTILE}`);
  });

  test('sent twice at the same moment is one', async () => {
    const phone = newPhone();
    const id = await publish(portal, lampka, phone);
    const person = await prove(portal, phone);
    const path = `/about-me/reviews/${id}/reply`;
    await Promise.all([
      person.post(path, { text: 'a' }),
      person.post(path, { text: 'b' }),
      person.post(path, { text: 'c' }),
    ]);
    expect(await cases(id)).toHaveLength(1);
  });

  test('that was refused is shown with the reason, and may be written anew', async () => {
    const phone = newPhone();
    const id = await publish(portal, lampka, phone);
    const person = await prove(portal, phone);
    await person.post(`/about-me/reviews/${id}/reply`, { text: 'Call me: 067 000' });
    await portal.database.prisma.$executeRaw(
      sql`update reply set state = 'refused', answer = 'No numbers, please', decided_at = now() where review_id = ${id}::uuid`,
    );
    const { text } = await person.get('/about-me');
    for (const shown of ['not published', 'No numbers, please', 'Answer anew']) expect(text).toContain(shown);
    expect((await person.get(`/about-me/reviews/${id}/reply`)).text).toContain('Call me: 067 000');
    expect((await person.post(`/about-me/reviews/${id}/reply`, { text: 'It was lost' })).status).toBe(303);
    expect(await cases(id)).toHaveLength(2);
    expect((await person.get('/about-me')).text).toContain('being read by a moderator');
    const words = await portal.database.prisma.$queryRaw<{ text: string }[]>(sql`
      select y.text from moderation_case m join reply y on y.id = m.subject_id
      where m.review_id = ${id}::uuid and m.kind = 'reply' order by m.created_at`);
    expect(words.map((row) => row.text)).toEqual(['Call me: 067 000', 'It was lost']);
  });

  test('to words that were corrected since may be written anew', async () => {
    const phone = newPhone();
    const id = await publish(portal, lampka, phone);
    const person = await prove(portal, phone);
    const path = `/about-me/reviews/${id}/reply`;
    await person.post(path, { text: 'That was not me' });
    await portal.database.prisma.$executeRaw(
      sql`update reply set state = 'published', decided_at = now() where review_id = ${id}::uuid`,
    );
    expect((await person.get(path)).status).toBe(404);
    await portal.database.prisma.$executeRaw(
      sql`update review set text = 'Came late', corrected_at = now() where id = ${id}::uuid`,
    );
    const { text } = await person.get('/about-me');
    expect(text).toContain('answers an earlier text');
    const { customerId } = await buy(portal, lampka, { phones: [phone] });
    const reader = await signIn(portal, await makeUser(portal, { company: lampka }));
    const shown = await reader.get(`/customers/${customerId}/reviews`);
    expect(shown.text).toContain('That was not me');
    expect(shown.text).toContain('answers an earlier text');
    expect(text).toContain('Answer anew');
    expect((await person.post(path, { text: 'I was ill' })).status).toBe(303);
    expect((await person.get('/about-me')).text).not.toContain('answers an earlier text');
    expect((await person.post(path, { text: 'Once more' })).status).toBe(404);
    expect(await cases(id)).toHaveLength(2);
  });

  test('is written down, as a dispute is, and the download of a copy, each once and without a word of it', async () => {
    const phone = newPhone();
    const id = await publish(portal, lampka, phone);
    const person = await prove(portal, phone);
    await person.post(`/about-me/reviews/${id}/reply`, { text: 'Secret words' });
    await person.post(`/about-me/reviews/${id}/dispute`, { text: 'Secret words' });
    await person.post('/about-me/copy');
    await portal.runJobs();
    expect((await person.get('/about-me/copy/file')).status).toBe(200);
    const rows = await portal.database.prisma.$queryRaw<{ action: string; subject: object }[]>(sql`
      select action, subject from audit_entry
      where action in ('person.replied', 'person.disputed', 'person.taken') order by at desc, id desc limit 3`);
    const hint = phone.slice(-2);
    expect(rows).toEqual([
      { action: 'person.taken', subject: { request: expect.any(String), hint } },
      { action: 'person.disputed', subject: { review: id, hint } },
      { action: 'person.replied', subject: { review: id, hint } },
    ]);
  });

  test.each([
    ['', 'fill this in'],
    ['   ', 'fill this in'],
    ['x'.repeat(2001), 'At most 2000 characters'],
  ])('has 1 to 2,000 characters: %#', async (given, words) => {
    const phone = newPhone();
    const id = await publish(portal, lampka, phone);
    const person = await prove(portal, phone);
    const { status, text } = await person.post(`/about-me/reviews/${id}/reply`, { text: given });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).toContain(`>${given}</textarea>`);
    expect(await cases(id)).toEqual([]);
  });

  test('to a review about another number is not possible, nor to one that is not there', async () => {
    const foreign = await publish(portal, lampka, newPhone());
    const person = await prove(portal, newPhone());
    const answers = [];
    for (const id of [foreign, newId(), 'x']) {
      for (const kind of ['reply', 'dispute']) {
        answers.push((await person.get(`/about-me/reviews/${id}/${kind}`)).status);
        answers.push((await person.post(`/about-me/reviews/${id}/${kind}`, { text: 'Hello' })).status);
      }
    }
    expect(new Set(answers)).toEqual(new Set([404]));
    expect(await cases(foreign)).toEqual([]);
  });
});

test('a dispute goes to the moderators, one at a time, and its outcome is shown', async () => {
  const phone = newPhone();
  const id = await publish(portal, lampka, phone);
  const person = await prove(portal, phone);
  const path = `/about-me/reviews/${id}/dispute`;
  const answers = await Promise.all([person.post(path, { text: 'Not me' }), person.post(path, { text: 'Not me' })]);
  expect(answers.filter(({ status }) => status < 500)).toHaveLength(2);
  expect(await cases(id)).toEqual([{ kind: 'dispute', subject_id: expect.any(String), company_id: null }]);
  expect((await person.get('/about-me')).text).toContain('being looked into');
  await portal.database.prisma.$executeRaw(
    sql`update dispute set state = 'rejected', answer = 'The papers say so', decided_at = now() where review_id = ${id}::uuid`,
  );
  const { text } = await person.get('/about-me');
  for (const shown of ['the review stays', 'The papers say so', 'This is not true']) expect(text).toContain(shown);
});

describe('an objection', () => {
  test('hides every review about the number from all companies at once, and nothing of it shows', async () => {
    const phone = newPhone();
    await publish(portal, lampka, phone);
    await dealt(gartenhaus, phone);
    expect(await seen(gartenhaus, phone)).toHaveLength(1);
    const person = await prove(portal, phone);
    await person.get('/about-me/objection');
    expect((await person.post('/about-me/objection', { text: `Leave me alone ${HOSTILE}` })).status).toBe(303);
    expect(await seen(gartenhaus, phone)).toEqual([]);
    const { text } = await person.get('/about-me');
    for (const shown of ['hidden until it is decided', 'Leave me alone', escaped]) expect(text).toContain(shown);
    expect(text).not.toContain('href="/about-me/objection"');
    const objections = await portal.database.prisma.$queryRaw<{ phone_hint: string; state: string }[]>(
      sql`select phone_hint, state from objection where phone_key = ${keyOfPhone(phone)}`,
    );
    expect(objections).toEqual([{ phone_hint: phone.slice(-2), state: 'open' }]);
  });

  test('is one, however often and quickly it is sent, and needs no words', async () => {
    const phone = newPhone();
    const person = await prove(portal, phone);
    await Promise.all(Array.from({ length: 4 }, () => person.post('/about-me/objection', { text: '' })));
    const [row] = await portal.database.prisma.$queryRaw<{ n: number; hidden: boolean }[]>(sql`
      select (select count(*)::int from objection where phone_key = ${keyOfPhone(phone)}) as n,
             (select hidden_at is not null from phone_sharing where phone_key = ${keyOfPhone(phone)}) as hidden`);
    expect(row).toEqual({ n: 1, hidden: true });
  });

  test('shows what became of it; one that was rejected can be made again after 90 days', async () => {
    const phone = newPhone();
    const person = await prove(portal, phone);
    await person.post('/about-me/objection', { text: 'No' });
    await decide(phone, 'rejected', 'The law allows it');
    let { text } = await person.get('/about-me');
    for (const shown of ['rejected: the reviews are shown again', 'The law allows it', 'You can object again from']) {
      expect(text).toContain(shown);
    }
    await person.post('/about-me/objection', { text: 'Still no' });
    expect(await hidden(phone)).toBe(false);
    await portal.database.prisma.$executeRaw(
      sql`update objection set decided_at = now() - interval '91 days' where phone_key = ${keyOfPhone(phone)}`,
    );
    await person.get('/about-me/objection');
    await person.post('/about-me/objection', { text: 'Still no' });
    expect(await hidden(phone)).toBe(true);
    await decide(phone, 'upheld', '');
    ({ text } = await person.get('/about-me'));
    expect(text).toContain('upheld: hidden for good');
    expect(text).not.toContain('href="/about-me/objection"');
  });
});

const hidden = async (phone: string) =>
  (
    await portal.database.prisma.$queryRaw<{ hidden: boolean }[]>(
      sql`select hidden_at is not null as hidden from phone_sharing where phone_key = ${keyOfPhone(phone)}`,
    )
  )[0]?.hidden;

async function decide(phone: string, state: 'rejected' | 'upheld', answer: string): Promise<void> {
  const key = keyOfPhone(phone);
  await portal.database.prisma.$executeRaw(
    sql`update objection set state = ${state}, answer = ${answer}, decided_at = now() where phone_key = ${key} and state = 'open'`,
  );
  if (state === 'rejected') {
    await portal.database.prisma.$executeRaw(sql`update phone_sharing set hidden_at = null where phone_key = ${key}`);
  }
}

test('without a proved number every page behind it leads to the beginning, and no form does anything', async () => {
  const phone = newPhone();
  const id = await publish(portal, lampka, phone);
  await buy(portal, lampka, { phones: [phone] });
  const visitor = new Visitor(portal);
  await visitor.get('/about-me');
  await visitor.post('/about-me', { phone });
  for (const path of [
    '/about-me/objection',
    '/about-me/erasure',
    '/about-me/copy/file',
    `/about-me/reviews/${id}/reply`,
  ]) {
    expect([path, (await visitor.get(path)).headers.location]).toEqual([path, '/about-me?over=visit']);
  }
  await visitor.get('/about-me');
  for (const path of ['objection', 'erasure', 'copy', `reviews/${id}/reply`, `reviews/${id}/dispute`]) {
    expect((await visitor.post(`/about-me/${path}`, { text: 'Hello' })).headers.location).toBe('/about-me?over=visit');
  }
  const [rows] = await portal.database.prisma.$queryRaw<{ n: number }[]>(sql`
    select (select count(*) from objection where phone_key = ${keyOfPhone(phone)})::int
         + (select count(*) from person_request where phone_key = ${keyOfPhone(phone)})::int
         + (select count(*) from moderation_case where review_id = ${id}::uuid and kind <> 'revision')::int as n`);
  expect(rows?.n).toBe(0);
});
