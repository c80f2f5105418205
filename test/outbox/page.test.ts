import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import * as outbox from '../../src/outbox/outbox.ts';
import { pieces } from '../../src/outbox/view.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, type TestApp } from '../make.ts';

const post = (portal: TestApp, subject: string, text = 'Hello') =>
  portal.tenancy.inPortal((db) => outbox.post(db, { to: 'somebody@example.com', subject, text }));

describe('the outbox page', () => {
  let portal: TestApp;
  beforeAll(async () => {
    portal = await makeApp();
  });
  afterAll(() => portal.close());

  test('is empty at first, and says what will be here', async () => {
    const { status, text } = await request(portal.app).get('/outbox');
    expect(status).toBe(200);
    expect(text).toContain('No letters yet');
  });

  test('shows the newest letter first, with its links to click', async () => {
    await post(portal, 'First');
    await post(portal, 'Second', 'Download it here:\nhttp://localhost:3000/exports/1/file.');
    await portal.runJobs();
    const { text } = await request(portal.app).get('/outbox');
    expect(text.indexOf('Second')).toBeLessThan(text.indexOf('First'));
    expect(text).toContain('<a href="http://localhost:3000/exports/1/file" rel="noreferrer">');
    expect(text).toContain('somebody@example.com');
    expect(text).toContain('kept');
  });

  test('shows letters as text, whatever stands in them', async () => {
    await post(
      portal,
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)> http://x.example/"onclick="alert(1) javascript:alert(1)',
    );
    const { text } = await request(portal.app).get('/outbox');
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img src=x');
    expect(text).not.toContain('href="javascript');
    expect(text).toContain('<a href="http://x.example/" rel="noreferrer">');
  });

  test('never shows a letter that reached its reader', async () => {
    await portal.database.prisma.$executeRaw(
      sql`insert into outbox (id, channel, address, subject, body, state, sent_at)
          values (gen_random_uuid(), 'email', 'reader@example.com', 'Yours alone', '', 'sent', now())`,
    );
    expect((await request(portal.app).get('/outbox')).text).not.toContain('Yours alone');
  });

  test('goes on with older letters, each once', async () => {
    for (let number = 0; number < 25; number++) await post(portal, `Letter ${number}.`);
    const seen: string[] = [];
    for (let path: string | undefined = '/outbox'; path; ) {
      const { text }: { text: string } = await request(portal.app).get(path);
      seen.push(...[...text.matchAll(/Letter (\d+)\./g)].map(([, number]) => String(number)));
      path = /href="(\/outbox\?before[^"]*)">Older/.exec(text)?.[1]?.replace('&#x3D;', '=');
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, number) => String(24 - number)));
  });

  test('is not there for a request that came through a proxy', async () => {
    const { status } = await request(portal.app).get('/outbox').set('X-Forwarded-For', '203.0.113.7');
    expect(status).toBe(404);
  });
});

test('in production there is no outbox page', async () => {
  const secrets = { SESSION_SECRET: 'a secret that is long enough', PHONE_KEY: 'a key that is long enough' };
  const portal = await makeApp({ NODE_ENV: 'production', ...secrets });
  const { status } = await request(portal.app).get('/outbox');
  await portal.close();
  expect(status).toBe(404);
});

const SENDING = {
  SMTP_URL: 'smtp://127.0.0.1:25',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a token',
  TWILIO_FROM: '+15005550006',
};

test('what is sent is not shown: letters where there is a mail server, SMS where there is an account', async () => {
  const { SMTP_URL, ...TWILIO } = SENDING;
  for (const [settings, shown, hidden] of [
    [{ SMTP_URL }, 'The code is 123456', 'A letter to read'],
    [TWILIO, 'A letter to read', 'The code is 123456'],
  ] as const) {
    const portal = await makeApp(settings);
    await post(portal, 'A letter to read');
    await portal.tenancy.inPortal((db) => outbox.postSms(db, { to: '+380671234567', text: 'The code is 123456' }));
    const { text } = await request(portal.app).get('/outbox');
    await portal.close();
    expect(text).toContain(shown);
    expect(text).not.toContain(hidden);
  }
});

test('where everything is sent there is no outbox page', async () => {
  const others = { VIBER_FROM: 'Clientele', MESSENGER_FROM: 'clientele' };
  const portal = await makeApp({ ...SENDING, ...others });
  const { status } = await request(portal.app).get('/outbox');
  await portal.close();
  expect(status).toBe(404);
});

test('only addresses of the web become links, without what ends the sentence', () => {
  const links = (line: string) => pieces(line).flatMap(({ href }) => (href ? [href] : []));
  expect(links('See https://a.example/b?c=d&e=(f). And (http://x.example/y), ftp://no.example javascript:no')).toEqual([
    'https://a.example/b?c=d&e=(f',
    'http://x.example/y',
  ]);
  expect(
    pieces('a http://x.example b')
      .map(({ text }) => text)
      .join(''),
  ).toBe('a http://x.example b');
});
