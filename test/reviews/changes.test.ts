import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { closeRevision, publishRevision, removeReview } from '../../src/reviews/reviews.ts';
import { letters, makeApp, makeUser, memberOf, signIn, type TestApp } from '../make.ts';
import { bad, good, nextPhone, publishAll, type Seller, seller, words, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** An author with a published review, and a reader of it. */
async function published(said: Record<string, string> = bad) {
  const phone = nextPhone();
  const [author, reader] = [await seller(portal, { phones: [phone] }), await seller(portal, { phones: [phone] })];
  await write(author, phone, said);
  const id = (await publishAll(portal)).at(-1) ?? '';
  return { phone, author, reader, id };
}

const read = async ({ owner, tab }: Seller) => words((await owner.get(tab)).text);
const revisionOf = (html: string) => /name="revision" value="([^"]+)"/.exec(html)?.[1] ?? '';

describe('correcting', () => {
  test('a correction is moderated again; the published text stays until then', async () => {
    const { author, reader, id } = await published();
    const form = (await author.owner.get(`${author.tab}/${id}/correction`)).text;
    expect(form).toContain(bad.text);
    const better = { ...bad, text: 'Took neither of two parcels, and paid the return later.' };
    const sent = await author.owner.post(`${author.tab}/${id}/correction`, { ...better, revision: revisionOf(form) });
    expect([sent.status, sent.headers.location]).toEqual([303, author.tab]);
    expect(await read(reader)).toContain(bad.text);
    expect(await read(reader)).not.toContain(better.text);
    expect(await read(author)).toContain(better.text);
    expect(await read(author)).toContain('Until then the text above stays published');
    await publishAll(portal);
    expect(await read(reader)).toContain(better.text);
    expect(await read(reader)).not.toContain(bad.text);
    expect(await read(reader)).toContain('corrected');
  });

  test('a refused text says why, is counted nowhere, and can be handed in again', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await write(author, phone);
    expect(await read(author)).toContain('Reviews 1');
    const [revision] = await portal.tenancy.inPortal((db) =>
      db.query<{ id: string; review: string }>(
        sql`select id, review_id as review from review_revision order by created_at desc, id desc limit 1`,
      ),
    );
    await portal.tenancy.inPortal((db) =>
      closeRevision(db, revision?.id ?? '', 'refused', { answer: 'Your courier’s fault.', now: new Date() }),
    );
    const tab = await read(author);
    expect(tab).toContain('Refused');
    expect(tab).toContain('Your courier’s fault.');
    expect(tab).toContain('Reviews 0');
    const path = `${author.tab}/${revision?.review}/correction`;
    const form = (await author.owner.get(path)).text;
    expect((await author.owner.post(path, { ...good, revision: revisionOf(form) })).status).toBe(303);
    expect(await read(author)).toContain('Reviews 1');
    expect(await publishAll(portal)).toContain(revision?.review);
  });

  test('two of one company: the second is told, sees what the first wrote, and loses nothing', async () => {
    const { author, id } = await published();
    const colleague = await memberOf(portal, author.company, 'manager');
    const path = `${author.tab}/${id}/correction`;
    const [mine, theirs] = [(await author.owner.get(path)).text, (await colleague.get(path)).text];
    const [first, second] = ['The first one says it took nothing.', 'The second one says it paid later.'];
    expect((await author.owner.post(path, { ...bad, text: first, revision: revisionOf(mine) })).status).toBe(303);
    const late = await colleague.post(path, { ...bad, text: second, revision: revisionOf(theirs) });
    expect(late.status).toBe(422);
    expect(words(late.text)).toContain('has changed this review meanwhile');
    expect(late.text).toContain(first);
    expect(late.text).toContain(second);
    expect((await colleague.post(path, { ...bad, text: second, revision: revisionOf(late.text) })).status).toBe(303);
    expect(await read(author)).toContain(second);
  });

  test('a text that was replaced while it waited is no longer published', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await write(author, phone);
    const [old] = await portal.tenancy.inPortal((db) =>
      db.query<{ id: string; review: string }>(
        sql`select id, review_id as review from review_revision order by created_at desc, id desc limit 1`,
      ),
    );
    const path = `${author.tab}/${old?.review}/correction`;
    const form = (await author.owner.get(path)).text;
    await author.owner.post(path, { ...good, revision: revisionOf(form) });
    expect(await portal.tenancy.inPortal((db) => publishRevision(db, old?.id ?? '', { now: new Date() }))).toBeNull();
    expect(await publishAll(portal)).toContain(old?.review);
  });
});

describe('withdrawing', () => {
  test('is asked first, and then nobody sees it any more; another one can be written', async () => {
    const { author, reader, id, phone } = await published();
    const path = `${author.tab}/${id}/withdrawal`;
    const asked = words((await author.owner.get(path)).text);
    expect(asked).toContain('This cannot be undone');
    expect((await author.owner.post(path)).headers.location).toBe(author.tab);
    for (const who of [author, reader]) {
      expect(await read(who)).not.toContain(bad.text);
      expect(await read(who)).toContain('Reviews 0');
    }
    expect((await author.owner.post(path)).status).toBe(404);
    await write(author, phone, good);
  });

  test('a text that waits is taken from the moderators too', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await write(author, phone);
    const id = /reviews\/([0-9a-f-]{36})\/withdrawal/.exec((await author.owner.get(author.tab)).text)?.[1];
    await author.owner.get(`${author.tab}/${id}/withdrawal`);
    expect((await author.owner.post(`${author.tab}/${id}/withdrawal`)).status).toBe(303);
    expect(await publishAll(portal)).not.toContain(id);
  });

  test('a moderator and the author at the same instant: it is published and taken back, or never published', async () => {
    for (let round = 0; round < 8; round++) {
      const phone = nextPhone();
      const author = await seller(portal, { phones: [phone] });
      await write(author, phone);
      const id = /reviews\/([0-9a-f-]{36})\/withdrawal/.exec((await author.owner.get(author.tab)).text)?.[1];
      await author.owner.get(`${author.tab}/${id}/withdrawal`);
      await Promise.all([publishAll(portal), author.owner.post(`${author.tab}/${id}/withdrawal`)]);
      const [row] = await portal.tenancy.inPortal((db) =>
        db.query<{ visible: bigint }>(
          sql`select count(*) as visible from review where id = ${id}::uuid and withdrawn_at is null`,
        ),
      );
      expect(row?.visible).toBe(0n);
    }
  }, 30_000);
});

describe('disputing', () => {
  test('another company with the same customer says that it is not true, once while it is open', async () => {
    const { author, reader, id } = await published();
    const path = `${reader.tab}/${id}/dispute`;
    expect((await reader.owner.get(reader.tab)).text).toContain(path);
    expect((await author.owner.get(author.tab)).text).not.toContain(`${id}/dispute`);
    await reader.owner.get(path);
    const nothing = await reader.owner.post(path, { text: ' ' });
    expect([nothing.status, words(nothing.text).includes('Please fill this in')]).toEqual([422, true]);
    expect((await reader.owner.post(path, { text: 'This buyer takes every parcel.' })).status).toBe(303);
    expect(await read(reader)).toContain('You have disputed this');
    const again = await reader.owner.post(path, { text: 'Once more.' });
    expect([again.status, words(again.text).includes('has disputed this review already')]).toEqual([422, true]);
    expect((await author.owner.post(`${author.tab}/${id}/dispute`, { text: 'Mine.' })).status).toBe(404);
  });

  test('once rejected, it is disputed again only when it reads otherwise, or 90 days later', async () => {
    const start = new Date();
    portal.setNow(start);
    const { author, reader, id } = await published();
    const path = `${reader.tab}/${id}/dispute`;
    const dispute = async () => (await reader.owner.post(path, { text: 'This buyer takes every parcel.' })).status;
    const offered = async () => (await reader.owner.get(reader.tab)).text.includes(path);
    const reject = () =>
      portal.tenancy.inPortal(async (db) => {
        await db.execute(sql`update moderation_case set decision = 'rejected', decided_at = now()
          where review_id = ${id}::uuid and kind = 'dispute' and decision is null`);
        await db.execute(
          sql`update dispute set state = 'rejected', decided_at = now() where review_id = ${id}::uuid and state = 'open'`,
        );
      });
    const later = (days: number) => portal.setNow(new Date(start.getTime() + days * 86_400_000));
    expect(await dispute()).toBe(303);
    await reject();
    later(89);
    expect([await offered(), await dispute()]).toEqual([false, 422]);
    later(90);
    expect([await offered(), await dispute()]).toEqual([true, 303]);
    await reject();
    expect([await offered(), await dispute()]).toEqual([false, 422]);
    later(91);
    const form = (await author.owner.get(`${author.tab}/${id}/correction`)).text;
    await author.owner.post(`${author.tab}/${id}/correction`, { ...good, revision: revisionOf(form) });
    expect(await offered()).toBe(false);
    await publishAll(portal);
    expect([await offered(), await dispute()]).toEqual([true, 303]);
    portal.setNow(null);
  });

  test('ends when the author takes the review back, and whoever disputed it is told', async () => {
    const { author, reader, id } = await published();
    const user = await makeUser(portal, { company: reader.company });
    const disputer = await signIn(portal, user);
    await disputer.post(`${reader.tab}/${id}/dispute`, { text: 'This buyer takes every parcel.' });
    const colleague = await memberOf(portal, reader.company);
    await author.owner.post(`${author.tab}/${id}/withdrawal`);
    await portal.runJobs();
    const [state] = await portal.tenancy.inPortal((db) =>
      db.query(
        sql`select d.state, m.decision from dispute d join moderation_case m on m.subject_id = d.id where d.review_id = ${id}::uuid`,
      ),
    );
    expect(state).toEqual({ state: 'withdrawn', decision: 'withdrawn' });
    const link = `/companies/${reader.company.id}/reviews/${id}`;
    const [letter] = await letters(portal, user.email);
    expect([letter?.subject, letter?.body.includes(link)]).toEqual(['The review you disputed was taken back', true]);
    const notices = (await colleague.get('/notices')).text;
    expect(notices).toContain('was taken back by its author');
    // The link leads to the customer, though the review is gone.
    expect(notices).toContain(link);
    expect((await colleague.get(link)).headers.location).toBe(reader.tab);
    // A second time changes nothing.
    await portal.tenancy.inPortal((db) => enqueue(db, 'review.gone', { reviewId: id }));
    await portal.runJobs();
    expect(await letters(portal, user.email)).toHaveLength(1);
  });

  test('upheld, the review is gone for everybody, and its author may write another', async () => {
    const { author, reader, id, phone } = await published();
    await portal.tenancy.inPortal((db) => removeReview(db, id, { now: new Date() }));
    expect(await read(reader)).toContain('Reviews 0');
    expect(await read(author)).toContain('Reviews 0');
    await write(author, phone, good);
  });
});

test('a reply of the person stands under the review once it is published', async () => {
  const { author, reader, id } = await published();
  const reply = (state: string) =>
    portal.tenancy.inPortal((db) =>
      db.execute(sql`
        insert into reply (id, review_id, phone_key, text, state, decided_at)
        select gen_random_uuid(), id, phone_key, 'I was in hospital then.', ${state}, now() from review where id = ${id}::uuid
        on conflict (review_id) do update set state = excluded.state`),
    );
  await reply('pending');
  expect(await read(reader)).not.toContain('I was in hospital then.');
  await reply('published');
  for (const who of [reader, author]) expect(await read(who)).toContain('I was in hospital then.');
});

test('everything that is written, corrected, withdrawn and disputed stands in the audit log', async () => {
  const { author, reader, id } = await published();
  const form = (await author.owner.get(`${author.tab}/${id}/correction`)).text;
  await author.owner.post(`${author.tab}/${id}/correction`, { ...good, revision: revisionOf(form) });
  await reader.owner.get(`${reader.tab}/${id}/dispute`);
  await reader.owner.post(`${reader.tab}/${id}/dispute`, { text: 'Not so.' });
  await author.owner.post(`${author.tab}/${id}/withdrawal`);
  const rows = await portal.tenancy.inPortal((db) =>
    db.query<{ action: string }>(
      sql`select action from audit_entry where subject ->> 'review' = ${id} order by at, id`,
    ),
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'review.written',
    'review.corrected',
    'review.disputed',
    'review.withdrawn',
  ]);
});
