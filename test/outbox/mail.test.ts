import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import * as outbox from '../../src/outbox/outbox.ts';
import { sql } from '../../src/platform/db.ts';
import { type Mailer, openMailer } from '../../src/platform/mail.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { jobRow, letterState, postLetter } from '../queue/make.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';

let portal: TestApp;
let smtp: TestSmtp;
let mailer: Mailer;

beforeAll(async () => {
  portal = await makeApp();
  smtp = await startSmtp();
  mailer = openMailer({ smtpUrl: smtp.url, mailFrom: 'Клієнтела <portal@example.com>' }) as Mailer;
});
beforeEach(() => smtp.answer(null));
afterAll(async () => {
  mailer.close();
  await smtp.close();
  await portal.close();
});

const run = (job: string) => runJob({ services: portal.services, mailer, stopping: new AbortController().signal }, job);
const lettersTo = (address: string) => smtp.letters.filter(({ to }) => to.includes(address));

describe('a letter', () => {
  test('arrives as it was written, in any script, and is marked sent', async () => {
    const job = await portal.tenancy.inPortal(async (db) => {
      const text = 'Доброго дня!\n\nПосилання: http://localhost:3000/exports/1/file\n.\nКінець';
      await outbox.post(db, { to: 'olena@example.com', subject: 'Ваш експорт готовий – «Ромашка» 🌼', text });
      const [row] = await db.query<{ id: string }>(sql`select id from job where name = 'mail.send'`);
      return row?.id ?? '';
    });
    await run(job);
    const [letter] = lettersTo('olena@example.com');
    expect(letter?.mail.subject).toBe('Ваш експорт готовий – «Ромашка» 🌼');
    expect(letter?.mail.from).toMatchObject({ name: 'Клієнтела', address: 'portal@example.com' });
    expect(letter?.mail.text?.trimEnd()).toBe(
      'Доброго дня!\n\nПосилання: http://localhost:3000/exports/1/file\n.\nКінець',
    );
    expect(await letterState(portal, 'olena@example.com')).toEqual({ state: 'sent', last_error: null, sent: true });
    expect(await jobRow(portal, job)).toBeNull();
  });

  test('posted by a company is sent as well', async () => {
    const company = await makeCompany(portal);
    await portal.tenancy.inCompany(company, (db) =>
      outbox.post(db, { to: 'owner@example.com', subject: 'Hello', text: 'Hello' }),
    );
    await runAll();
    expect(lettersTo('owner@example.com')).toHaveLength(1);
  });

  test('that the server cannot take now (4xx) waits, and is sent once the server can', async () => {
    smtp.answer({ code: 451, text: 'come back later', at: 'recipient' });
    const job = await postLetter(portal, 'busy@example.com');
    await run(job);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 1, due: 'later' });
    expect(await letterState(portal, 'busy@example.com')).toMatchObject({
      state: 'waiting',
      last_error: expect.stringContaining('come back later'),
    });
    smtp.answer(null);
    await portal.database.prisma.$executeRaw(sql`update job set due_at = now() where id = ${job}::uuid`);
    await run(job);
    expect(await letterState(portal, 'busy@example.com')).toMatchObject({ state: 'sent', sent: true });
    expect(lettersTo('busy@example.com')).toHaveLength(1);
  });

  test.each(['recipient', 'data'] as const)(
    'that the server refuses (5xx at the %s) has failed, with the reason',
    async (at) => {
      smtp.answer({ code: 550, text: 'no such mailbox', at });
      const address = `gone-${at}@example.com`;
      const job = await postLetter(portal, address);
      await run(job);
      expect(await jobRow(portal, job)).toBeNull();
      expect(await letterState(portal, address)).toMatchObject({
        state: 'failed',
        sent: false,
        last_error: expect.stringContaining('no such mailbox'),
      });
    },
  );

  test('that was refused by a broken sign-in of ours waits: it is not its fault', async () => {
    const wrong = openMailer({ smtpUrl: smtp.url.replace('//', '//user:wrong@'), mailFrom: 'portal@example.com' });
    const job = await postLetter(portal, 'innocent@example.com');
    await runJob({ services: portal.services, mailer: wrong, stopping: new AbortController().signal }, job);
    wrong?.close();
    expect(await jobRow(portal, job)).toMatchObject({ due: 'later' });
    expect(await letterState(portal, 'innocent@example.com')).toMatchObject({ state: 'waiting' });
  });

  test('is not sent again when its job runs again', async () => {
    const job = await postLetter(portal, 'twice@example.com');
    const [row] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from outbox where address = 'twice@example.com'`,
    );
    await run(job);
    await outbox.send(portal.services, mailer, row?.id ?? '');
    expect(lettersTo('twice@example.com')).toHaveLength(1);
  });

  test('is kept where no mail server is set up', async () => {
    const job = await postLetter(portal, 'kept@example.com');
    await runJob({ services: portal.services, mailer: null, stopping: new AbortController().signal }, job);
    expect(await letterState(portal, 'kept@example.com')).toEqual({ state: 'kept', last_error: null, sent: false });
  });
});

describe('headers', () => {
  test('cannot be added by a subject: line breaks become blanks', async () => {
    const job = await postLetter(portal, 'header@example.com', 'Hello\r\nBcc: thief@example.com\r\n\r\nBody');
    await run(job);
    const [letter] = lettersTo('header@example.com');
    expect(letter?.mail.subject).toBe('Hello Bcc: thief@example.com Body');
    expect(letter?.to).toEqual(['header@example.com']);
    expect(letter?.raw).not.toMatch(/^Bcc:/im);
  });

  test.each([
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '"a" <a@example.com>',
    'A@example.com',
    'nobody',
    '',
  ])('no letter goes to %j', async (to) => {
    await expect(postLetter(portal, to)).rejects.toThrow(RangeError);
  });
});

test('letters that were sent, kept or failed 30 days ago are thrown away; the others stay', async () => {
  await portal.database.prisma.$executeRaw(sql`
    insert into outbox (id, channel, address, body, state, created_at, sent_at)
    select gen_random_uuid(), 'email', state || '-' || days || '@example.com', '', state, now() - days * interval '1 day',
           case when state = 'sent' then now() - days * interval '1 day' end
    from unnest(array['waiting', 'kept', 'failed', 'sent']) state, unnest(array[29, 31]) days`);
  await outbox.clear(portal.services);
  for (const state of ['waiting', 'kept', 'failed', 'sent']) {
    expect(await letterState(portal, `${state}-29@example.com`)).not.toBeNull();
    expect([state, await letterState(portal, `${state}-31@example.com`)]).toEqual([
      state,
      state === 'waiting' ? expect.anything() : null,
    ]);
  }
});

async function runAll(): Promise<void> {
  const rows = await portal.database.prisma.$queryRaw<{ id: string }[]>(sql`select id from job where due_at <= now()`);
  for (const { id } of rows) await run(id);
}
