import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import * as outbox from '../../src/outbox/outbox.ts';
import { NO_CHANNELS } from '../../src/platform/channels.ts';
import { readConfig } from '../../src/platform/config.ts';
import { sql } from '../../src/platform/db.ts';
import { openTexter, type Provider, type Texter } from '../../src/platform/sms.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { type Answer, accept, cut, nonsense, refuse, startTwilio, type TestTwilio } from './twilio.ts';

const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;

let portal: TestApp;
let twilio: TestTwilio;
let texter: Provider | null;
beforeAll(async () => {
  twilio = await startTwilio();
  portal = await makeApp(settings());
  texter = await openTexter(portal.services.config.twilio);
});
beforeEach(() => twilio.answer(null));
afterAll(async () => {
  await portal.close();
  await twilio.close();
});

const settings = (more: Record<string, string> = {}) => ({
  TWILIO_ACCOUNT_SID: ACCOUNT,
  TWILIO_AUTH_TOKEN: 'the token',
  TWILIO_FROM: '+15005550006',
  TWILIO_API_URL: twilio?.url ?? 'http://127.0.0.1:1',
  ...more,
});

let numbers = 0;
const newNumber = () => `+1500555${String(1000 + ++numbers)}`;

/** Posts an SMS; its job runs once, or as often as it is said. */
async function send(to: string, text = 'Hello', with_: Provider | null = texter): Promise<void> {
  await portal.tenancy.inPortal((db) => outbox.postSms(db, { to, text }));
  await run(with_);
}

async function run(with_: Provider | null = texter): Promise<void> {
  const channels = { ...NO_CHANNELS, sms: with_ };
  const bench = { services: portal.services, mailer: null, channels, stopping: new AbortController().signal };
  const jobs = await portal.database.prisma.$queryRaw<{ id: string }[]>(sql`select id from job where due_at <= now()`);
  for (const { id } of jobs) await runJob(bench, id);
}

const stateOf = async (to: string) =>
  (
    await portal.database.prisma.$queryRaw<{ state: string; last_error: string | null; body: string }[]>(
      sql`select state, last_error, body from outbox where address = ${to}`,
    )
  )[0];

const askedFor = (to: string) => twilio.asked.filter((each) => each.to === to);

const jobsLeft = () =>
  portal.database.prisma.$queryRaw<{ seconds: number }[]>(
    sql`select round(extract(epoch from due_at - now()))::int as seconds from job where name = 'sms.send'`,
  );

describe('an SMS', () => {
  test('goes to Twilio as it was written, in any script, and is marked sent without its text', async () => {
    const [to, body] = [newNumber(), 'Код Clientele: 123456 – нікому! 🌼 <b>&"\'{{x}}'];
    await send(to, body);
    expect(askedFor(to)).toEqual([
      {
        path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
        account: ACCOUNT,
        to,
        from: '+15005550006',
        service: null,
        body,
      },
    ]);
    expect(await stateOf(to)).toEqual({ state: 'sent', last_error: null, body: '' });
  });

  test('goes through the messaging service where there is one', async () => {
    const service = `MG${'f'.repeat(32)}`;
    const other = await openTexter(readConfig(settings({ TWILIO_MESSAGING_SERVICE_SID: service })).twilio);
    const to = newNumber();
    await send(to, 'Hello', other);
    expect(askedFor(to)).toMatchObject([{ from: null, service }]);
  });

  test('of a company is sent as well', async () => {
    const [company, to] = [await makeCompany(portal), newNumber()];
    await portal.tenancy.inCompany(company, (db) => outbox.postSms(db, { to, text: 'Hello' }));
    await run();
    expect(askedFor(to)).toHaveLength(1);
  });

  test('is kept where no account is set up', async () => {
    const to = newNumber();
    await send(to, 'The code', null);
    expect(await stateOf(to)).toEqual({ state: 'kept', last_error: null, body: 'The code' });
    expect(askedFor(to)).toEqual([]);
  });
});

describe('an SMS is never sent twice', () => {
  test.each<[string, Answer]>([
    ['the connection is cut', cut],
    ['the answer is 500', refuse(500, 20500, 'Internal error')],
    ['the answer is 503', refuse(503, 20503, 'Service unavailable')],
    ['the answer cannot be read', nonsense],
    ['the answer names no message', (res) => void res.writeHead(201).end('{}')],
  ])('when %s: it has failed, and says that nobody knows', async (_what, answer) => {
    const to = newNumber();
    twilio.answer(answer);
    await send(to);
    twilio.answer(accept);
    await run();
    expect(askedFor(to)).toHaveLength(1);
    expect(await stateOf(to)).toMatchObject({ state: 'failed', last_error: expect.stringContaining('not known') });
    expect(await jobsLeft()).toEqual([]);
  });

  test('when the process ends during the call', async () => {
    const to = newNumber();
    let called: (() => void) | null = null;
    const dying = new Promise<void>((done) => {
      called = done;
    });
    const hanging: Texter = {
      send: () => {
        called?.();
        return new Promise(() => {});
      },
    };
    await portal.tenancy.inPortal((db) => outbox.postSms(db, { to, text: 'Hello' }));
    const [row] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from outbox where address = ${to}`,
    );
    void outbox.sendSms(portal.services, hanging, row?.id ?? '');
    await dying;
    await run();
    expect(askedFor(to)).toEqual([]);
    expect(await stateOf(to)).toMatchObject({ state: 'failed', last_error: expect.stringContaining('not known') });
  });

  test('when its job runs again, or many at the same moment', async () => {
    const to = newNumber();
    await portal.tenancy.inPortal((db) => outbox.postSms(db, { to, text: 'Hello' }));
    const [row] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from outbox where address = ${to}`,
    );
    await Promise.all(Array.from({ length: 10 }, () => outbox.sendSms(portal.services, texter, row?.id ?? '')));
    await run();
    expect(askedFor(to)).toHaveLength(1);
    expect(await stateOf(to)).toMatchObject({ state: 'sent' });
  });

  test.each([
    [21211, "The 'To' number is not a valid phone number"],
    [21610, 'Attempt to send to unsubscribed recipient'],
  ])('after Twilio has refused it for good (%i)', async (code, message) => {
    const to = newNumber();
    twilio.answer(refuse(400, code, message));
    await send(to);
    twilio.answer(accept);
    await run();
    expect(askedFor(to)).toHaveLength(1);
    expect(await stateOf(to)).toMatchObject({ state: 'failed', last_error: `${message} (${code})` });
  });
});

describe('an SMS that was certainly not taken is sent later', () => {
  test('after as long as Twilio asks for (429)', async () => {
    const to = newNumber();
    twilio.answer(refuse(429, 20429, 'Too many requests', { 'Retry-After': '120' }));
    await send(to);
    expect(await stateOf(to)).toMatchObject({ state: 'waiting' });
    const [job] = await jobsLeft();
    expect(job?.seconds).toBeGreaterThan(110);
    twilio.answer(null);
    await portal.database.prisma.$executeRaw(sql`update job set due_at = now() where name = 'sms.send'`);
    await run();
    expect(await stateOf(to)).toMatchObject({ state: 'sent' });
    expect(askedFor(to)).toHaveLength(2);
  });

  test('when nobody was there, but not for ever', async () => {
    const to = newNumber();
    const nobody = await openTexter(readConfig(settings({ TWILIO_API_URL: 'http://127.0.0.1:1' })).twilio);
    await send(to, 'Hello', nobody);
    expect(await stateOf(to)).toMatchObject({ state: 'waiting', last_error: expect.stringContaining('ECONNREFUSED') });
    for (let tries = 0; tries < 10; tries++) {
      await portal.database.prisma.$executeRaw(sql`update job set due_at = now() where name = 'sms.send'`);
      await run(nobody);
    }
    expect(await stateOf(to)).toMatchObject({ state: 'failed' });
    expect(await jobsLeft()).toEqual([]);
  });
});

describe('an SMS that is worth nothing any more', () => {
  const post = async (to: string, seconds: number) => {
    const expiresAt = new Date(Date.now() + seconds * 1000);
    await portal.tenancy.inPortal((db) => outbox.postSms(db, { to, text: 'Code 123456', expiresAt }));
  };
  const tooLate = { state: 'failed', body: '', last_error: expect.stringContaining('too late') };

  test('is not sent, and its text is gone', async () => {
    const to = newNumber();
    await post(to, -1);
    await run();
    expect(askedFor(to)).toEqual([]);
    expect(await stateOf(to)).toEqual(tooLate);
  });

  test('by the time it could be tried again is not tried again', async () => {
    const to = newNumber();
    twilio.answer(refuse(429, 20429, 'Too many requests', { 'Retry-After': '3600' }));
    await post(to, 600);
    await run();
    expect(await stateOf(to)).toMatchObject({
      state: 'failed',
      body: '',
      last_error: expect.stringMatching(/too many/i),
    });
    expect(await jobsLeft()).toEqual([]);
  });

  test('because its job was given up leaves no code behind', async () => {
    const to = newNumber();
    await portal.tenancy.inPortal((db) => outbox.postSms(db, { to, text: 'Code 123456' }));
    const broken: Provider = {
      send: () => Promise.reject(new Error('broken')),
      sentTo: async () => [],
      look: async () => null,
    };
    await portal.database.prisma.$executeRaw(sql`update job set attempts = 2 where name = 'sms.send'`);
    await run(broken);
    expect(await stateOf(to)).toMatchObject({ state: 'failed', body: '' });
    await portal.database.prisma.$executeRaw(sql`delete from job where name = 'sms.send'`);
  });
});

test('SMS that were sent, kept or failed are thrown away after a day', async () => {
  const [old, young] = [newNumber(), newNumber()];
  for (const to of [old, young]) await send(to, 'The code', null);
  await portal.database.prisma.$executeRaw(
    sql`update outbox set created_at = now() - interval '25 hours' where address = ${old}`,
  );
  await outbox.clear(portal.services);
  expect([await stateOf(old), await stateOf(young)]).toEqual([undefined, expect.anything()]);
});

describe('the settings of SMS', () => {
  const wrong = (env: Record<string, string>) => {
    try {
      readConfig(env);
      return 'accepted';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([
    [{ TWILIO_ACCOUNT_SID: 'AC1' }, 'TWILIO_ACCOUNT_SID: wanted is an account'],
    [{ TWILIO_ACCOUNT_SID: ACCOUNT }, 'TWILIO_AUTH_TOKEN is not set'],
    [{ TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: 'x' }, 'TWILIO_FROM is not set'],
    [{ TWILIO_AUTH_TOKEN: 'x', TWILIO_FROM: '+15005550006' }, 'TWILIO_ACCOUNT_SID is not set'],
    [{ TWILIO_FROM: '0671234567x' }, 'TWILIO_ACCOUNT_SID is not set'],
    [{ TWILIO_FROM: 'A name that is too long' }, 'TWILIO_FROM: wanted is a number'],
    [{ TWILIO_MESSAGING_SERVICE_SID: 'MG' }, 'TWILIO_MESSAGING_SERVICE_SID: wanted is'],
    [{ TWILIO_API_URL: 'http://127.0.0.1/path' }, 'TWILIO_API_URL: wanted is an address without a path'],
    [{ TWILIO_API_URL: 'nonsense' }, 'TWILIO_API_URL: wanted is'],
  ])('%j is one clear line', (env, words) => {
    const said = wrong(env);
    expect(said).toContain(words);
    expect(said).not.toContain('\n');
  });

  test('complete ones are accepted: a number, a short code, a name, or a service', () => {
    for (const from of ['+15005550006', '12345', 'Clientele']) {
      expect(readConfig(settings({ TWILIO_FROM: from })).twilio?.sender).toEqual({ from });
    }
    expect(readConfig({}).twilio).toBeNull();
  });
});
