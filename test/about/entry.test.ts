import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { clear } from '../../src/about/about.ts';
import { sql } from '../../src/platform/db.ts';
import { network } from '../../src/platform/network.ts';
import { makeApp, makeCompany, type TestApp, Visitor } from '../make.ts';
import { redisUrl } from '../setup/redis.ts';
import { buy, codeTo, name, newPhone, prove, publish, smsTo } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp({ TRUST_PROXY: 'true' });
});
afterEach(() => portal.setNow(null));
afterAll(() => portal.close());

let addresses = 0;
const newAddress = () => `198.51.100.${++addresses}`;

/** Somebody who comes from an address of their own. */
function stranger(address = newAddress()): Visitor {
  const visitor = new Visitor(portal);
  visitor.agent.set('X-Forwarded-For', address);
  return visitor;
}

const MINUTE = 60_000;
const later = (minutes: number) => portal.setNow(new Date(Date.now() + minutes * MINUTE));

describe('asking for a code', () => {
  test('sends six digits to the number, and asks for them', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    const { status, headers } = await name(visitor, phone);
    expect([status, headers.location]).toEqual([303, '/about-me/code']);
    expect((await visitor.get('/about-me/code')).text).toContain(`+380 67 ${phone.slice(6, 9)} ${phone.slice(9)}`);
    await portal.runJobs();
    expect(await smsTo(portal, phone)).toEqual([{ body: expect.stringMatching(/^\d{6} is /), state: 'kept' }]);
  });

  test('reads the number as people write it, in the country they chose', async () => {
    const visitor = stranger();
    expect((await name(visitor, ' (067) 123-45-67 ', 'UA')).status).toBe(303);
    expect(await smsTo(portal, '+380671234567')).toHaveLength(1);
  });

  test.each([
    ['067 123 45 67', '', 'choose the country'],
    ['12', 'UA', 'no phone number'],
    ['+380 44 123 45 67', '', 'takes no SMS'],
    ['', 'UA', 'fill this in'],
    ['<script>alert(1)</script>', 'UA', 'no phone number'],
    ["'; drop table about_code; --", 'XX', 'no phone number'],
  ])('says beside the field what is wrong with %j, and keeps it', async (given, country, words) => {
    const visitor = stranger();
    await visitor.get('/about-me');
    const { status, text } = await visitor.post('/about-me', { country, phone: given });
    expect(status).toBe(422);
    expect(text).toContain(words);
    expect(text).not.toContain('<script>alert');
    if (given.startsWith('067')) expect(text).toContain('value="067 123 45 67"');
  });

  test('is answered alike, to the letter, whether anybody knows the number or not', async () => {
    const company = await makeCompany(portal);
    const [known, unknown] = [newPhone(), newPhone()];
    await buy(portal, company, { phones: [known], name: 'Known' });
    await publish(portal, company, known);
    const answers = [];
    for (const phone of [known, unknown]) {
      const visitor = stranger();
      const asked = await name(visitor, phone);
      const shown = await visitor.get('/about-me/code');
      const wrong = await visitor.post('/about-me/code', { code: '000000' });
      const neutral = ({ status, headers, text }: typeof shown) => [
        status,
        headers.location,
        Object.keys(headers).sort(),
        text
          .replaceAll(/value="[^"]*"|nonce="[^"]*"/g, '')
          .replaceAll(phone, '')
          .replaceAll(/\+380 67 \d{3} \d{4}/g, ''),
      ];
      answers.push([neutral(asked), neutral(shown), neutral(wrong), (await smsTo(portal, phone)).length]);
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  test('in Ukrainian comes in Ukrainian, and fits into one SMS', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    const { text } = await visitor.get('/about-me?lang=uk');
    expect(text).toContain('Що про вас знають компанії?');
    expect(text).toContain('<option value="UA" selected>Україна (+380)</option>');
    await visitor.post('/about-me', { phone });
    const [sms] = await smsTo(portal, phone);
    expect(sms?.body).toMatch(/^Код Clientele: \d{6}\./);
    expect(sms?.body.length).toBeLessThanOrEqual(70);
  });
});

describe('the throttle', () => {
  test('lets three codes an hour go to one number, from wherever they are asked for', async () => {
    const phone = newPhone();
    const statuses = [];
    for (let asked = 0; asked < 4; asked++) statuses.push((await name(stranger(), phone)).status);
    expect(statuses).toEqual([303, 303, 303, 429]);
    expect(await smsTo(portal, phone)).toHaveLength(3);
  });

  test('lets twenty codes an hour be asked for from one address, and keeps what was typed', async () => {
    const visitor = stranger();
    for (let asked = 0; asked < 20; asked++) expect((await name(visitor, newPhone())).status).toBe(303);
    const { status, headers, text } = await name(visitor, '+380 67 999 00 11');
    expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
    expect(text).toContain('value="+380 67 999 00 11"');
    expect((await name(stranger(), newPhone())).status).toBe(303);
  });

  test('lets the portal as a whole send so many a day, and asks whoever comes then to come back', async () => {
    const set = (value: string) =>
      portal.database.prisma.$executeRaw(sql`
        insert into portal_setting (name, value) values ('about.codesADay', ${value}::jsonb)
        on conflict (name) do update set value = excluded.value`);
    await set('2');
    const answers = [];
    for (let asked = 0; asked < 3; asked++) answers.push(await name(stranger(), newPhone()));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 429]);
    expect(answers[2]?.text).toContain('Please come back later');
    await set('"nonsense"');
    expect((await name(stranger(), newPhone())).status).toBe(303);
  });

  test('many at the same moment get no more codes than one after the other', async () => {
    const phone = newPhone();
    const visitors = Array.from({ length: 10 }, () => stranger());
    const answers = await Promise.all(visitors.map((visitor) => name(visitor, phone)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(3);
  });

  test('stands in PostgreSQL also where there is a Redis, and holds no number', async () => {
    const other = await makeApp({ REDIS_URL: redisUrl() });
    const phone = newPhone();
    for (let asked = 0; asked < 4; asked++) await name(new Visitor(other), phone);
    const keys = await other.database.prisma.$queryRaw<{ key: string }[]>(sql`select key from rate_limit`);
    await other.close();
    expect(keys.some(({ key }) => key.startsWith('about-number:'))).toBe(true);
    expect(keys.filter(({ key }) => key.includes(phone.slice(4)))).toEqual([]);
  });

  test('counts a household of IPv6 as one address', () => {
    expect(network('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(network('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(network('::1')).toBe('0:0:0:0::/64');
    expect(network('::ffff:203.0.113.7')).toBe('::ffff:203.0.113.7');
    expect(network('203.0.113.7')).toBe('203.0.113.7');
  });
});

describe('the code', () => {
  test('opens the page of the number, as digits, blanks and dashes of any keyboard', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    await name(visitor, phone);
    const code = await codeTo(portal, phone);
    const full = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    const typed = ` ${full.slice(0, 3)} – ${full.slice(3)} `;
    const { status, headers } = await visitor.post('/about-me/code', { code: typed });
    expect([status, headers.location]).toEqual([303, '/about-me']);
    expect((await visitor.get('/about-me')).text).toContain('No company has published a review');
  });

  test('works once, and in the browser that asked for it alone', async () => {
    const [visitor, thief, phone] = [stranger(), stranger(), newPhone()];
    await name(visitor, phone);
    const code = await codeTo(portal, phone);
    await name(thief, newPhone());
    expect((await thief.post('/about-me/code', { code })).status).toBe(422);
    const before = cookieOf(visitor);
    expect((await visitor.post('/about-me/code', { code })).status).toBe(303);
    expect(cookieOf(visitor)).not.toBe(before);
    const replay = stranger();
    await replay.get('/about-me');
    replay.agent.jar.setCookie(`about=${before}`);
    const { headers } = await replay.post('/about-me/code', { code });
    expect(headers.location).toBe('/about-me?over=code');
    expect((await replay.get('/about-me')).text).toContain('name="phone"');
  });

  test('is gone after five tries, the right one too, also when they come at once', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    await name(visitor, phone);
    const code = await codeTo(portal, phone);
    const wrong = code === '111111' ? '222222' : '111111';
    const tries = await Promise.all(Array.from({ length: 12 }, () => visitor.post('/about-me/code', { code: wrong })));
    expect(tries.filter(({ status }) => status === 422)).toHaveLength(4);
    const { headers } = await visitor.post('/about-me/code', { code });
    expect(headers.location).toBe('/about-me?over=code');
    expect((await visitor.get('/about-me?over=code')).text).toContain('works no more');
  });

  test('says how many tries are left; what is no code costs none', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    await name(visitor, phone);
    const code = await codeTo(portal, phone);
    for (const typed of ['12345', 'abcdef', '', '1234567', '½23456']) {
      expect((await visitor.post('/about-me/code', { code: typed })).text).toContain('six digits');
    }
    const wrong = code === '111111' ? '222222' : '111111';
    expect((await visitor.post('/about-me/code', { code: wrong })).text).toContain('4 more tries');
  });

  test('is too old after ten minutes', async () => {
    const [visitor, phone] = [stranger(), newPhone()];
    await name(visitor, phone);
    const code = await codeTo(portal, phone);
    later(11);
    expect((await visitor.post('/about-me/code', { code })).headers.location).toBe('/about-me?over=code');
    expect((await visitor.get('/about-me')).text).toContain('name="phone"');
  });

  test('and the number stand nowhere but in the SMS: hashes and a sealed number are all that is stored', async () => {
    const phone = newPhone();
    const visitor = await prove(portal, phone, stranger());
    const rows = await portal.database.prisma.$queryRaw<{ text: string }[]>(sql`
      select c::text as text from about_code c union all select s::text from about_session s union all select s::text from session s`);
    expect(rows.filter(({ text }) => text.includes(phone.slice(4)))).toEqual([]);
    const [code] = await portal.database.prisma.$queryRaw<{ code_hash: string; used: boolean }[]>(sql`
      select code_hash, used_at is not null as used from about_code order by created_at desc limit 1`);
    expect(code).toEqual({ code_hash: expect.stringMatching(/^[0-9a-f]{64}$/), used: true });
    expect(cookieOf(visitor)).not.toContain(phone.slice(4));
  });
});

describe('the visit', () => {
  test('ends after half an hour', async () => {
    const visitor = await prove(portal, newPhone(), stranger());
    later(29);
    expect((await visitor.get('/about-me')).text).toContain('About your number');
    later(31);
    expect((await visitor.get('/about-me')).text).toContain('name="phone"');
  });

  test('ends with leaving, wherever its cookie was copied to', async () => {
    const visitor = await prove(portal, newPhone(), stranger());
    const copied = cookieOf(visitor);
    const { headers } = await visitor.post('/about-me/departure');
    expect(headers['clear-site-data']).toBe('"cache"');
    const thief = stranger();
    thief.agent.jar.setCookie(`about=${copied}`);
    expect((await thief.get('/about-me')).text).toContain('name="phone"');
  });

  test('is kept by no cache, and its cookie is out of reach of scripts', async () => {
    const visitor = stranger();
    const { headers } = await name(visitor, newPhone());
    expect(String(headers['set-cookie'])).toMatch(/about=[\w-]{43};.*HttpOnly; SameSite=Lax/);
    const inside = await prove(portal, newPhone(), stranger());
    expect((await inside.get('/about-me')).headers['cache-control']).toBe('no-store');
  });

  test('opens nothing of the cabinet, and a sign-in to the cabinet opens nothing here', async () => {
    const visitor = await prove(portal, newPhone(), stranger());
    expect((await visitor.get('/customers')).headers.location).toContain('/login');
  });

  test('goes with an unreadable cookie to the beginning', async () => {
    for (const cookie of ['x', '%', 'a'.repeat(43), '"><script>']) {
      const visitor = stranger();
      visitor.agent.jar.setCookie(`about=${cookie}`);
      expect((await visitor.get('/about-me')).status).toBe(200);
    }
  });

  test('leaves nothing behind once it is over', async () => {
    const visitor = await prove(portal, newPhone(), stranger());
    later(60 * 26);
    await clear(portal.services);
    const [left] = await portal.database.prisma.$queryRaw<{ n: number }[]>(
      sql`select (select count(*) from about_session)::int + (select count(*) from about_code)::int as n`,
    );
    expect(left?.n).toBe(0);
    expect((await visitor.get('/about-me')).text).toContain('name="phone"');
  });
});

test('every form needs the token of a page of ours', async () => {
  const visitor = await prove(portal, newPhone(), stranger());
  for (const path of [
    '/about-me',
    '/about-me/code',
    '/about-me/departure',
    '/about-me/objection',
    '/about-me/copy',
    '/about-me/erasure',
  ]) {
    expect([path, (await visitor.post(path, { _csrf: 'forged', text: 'x', phone: newPhone() })).status]).toEqual([
      path,
      403,
    ]);
  }
  expect((await visitor.get('/about-me')).text).toContain('About your number');
});

const cookieOf = (visitor: Visitor): string =>
  visitor.agent.jar.getCookie('about', { domain: '127.0.0.1', path: '/', secure: false, script: false })?.value ?? '';
