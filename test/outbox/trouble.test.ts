import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import { sql } from '../../src/platform/db.ts';
import { type Mailer, openMailer } from '../../src/platform/mail.ts';
import { makeApp, makeUser, signIn, type TestApp, type Visitor } from '../make.ts';
import { postLetter } from '../queue/make.ts';
import { startSmtp, type TestSmtp } from './smtp.ts';

let portal: TestApp;
let smtp: TestSmtp;
let mailer: Mailer;
let admin: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  smtp = await startSmtp();
  mailer = openMailer({ smtpUrl: smtp.url, mailFrom: 'portal@example.com' }) as Mailer;
  admin = await signIn(portal, await makeUser(portal, { admin: true }));
});
afterAll(async () => {
  mailer.close();
  await smtp.close();
  await portal.close();
});

async function send(to: string, subject: string): Promise<void> {
  const job = await postLetter(portal, to, subject);
  await runJob({ services: portal.services, mailer, stopping: new AbortController().signal }, job);
}

test('administrators see whom letters do not reach, and why; not what stands in them', async () => {
  expect((await admin.get('/admin/letters')).text).toContain('Everything arrives');
  smtp.answer({ code: 550, text: 'no such <b>mailbox</b>', at: 'recipient' });
  await send('gone@example.com', 'For nobody');
  smtp.answer({ code: 451, text: 'come back later', at: 'recipient' });
  await send('busy@example.com', 'For later');
  smtp.answer(null);
  await send('fine@example.com', 'For somebody');
  const { text } = await admin.get('/admin/letters');
  for (const words of [
    'gone@example.com',
    'For nobody',
    'no such &lt;b&gt;mailbox',
    'not delivered',
    'come back later',
    'tried again',
  ])
    expect(text).toContain(words);
  expect(text).not.toContain('fine@example.com');
  expect(text).not.toContain('A letter');
});

test('a long list goes on on older pages, and numbers are not shown whole', async () => {
  await portal.database.prisma.$executeRaw(sql`
    insert into outbox (id, channel, address, body, state, last_error, created_at)
    select gen_random_uuid(), 'sms', '+3806712345' || n, '', 'failed', 'refused', now() - n * interval '1 minute' from generate_series(10, 69) n`);
  const { text } = await admin.get('/admin/letters');
  expect(text).not.toContain('+380671234510');
  expect(text).toContain('•••10');
  const [, last = ''] = /before(?:=|&#x3D;)([0-9a-f-]+)"/.exec(text) ?? [];
  const next = (await admin.get(`/admin/letters?before=${last}`)).text;
  expect(next).toContain('•••69');
  expect(next).not.toContain('•••10');
});

test('nobody else sees it', async () => {
  const moderator = await signIn(portal, await makeUser(portal, { moderator: true }));
  expect((await moderator.get('/admin/letters')).status).toBe(403);
});
