import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CODES_A_DAY } from '../../src/about/entry/throttle.ts';
import { CONTEXT_WORDS, LEFT } from '../../src/auth/password-words.ts';
import { MAX_BYTES, MAX_COLUMNS, MAX_ROWS } from '../../src/imports/read/limits.ts';
import { routes } from '../../src/routes.ts';
import type { Company, Role } from '../../src/tenancy/company.ts';
import { BYTES, BYTES_PER_COMPANY, CALLS_PER_COMPANY } from '../../src/web/api-room.ts';
import type { CompanyPermission } from '../../src/web/context.ts';
import { refusal } from '../../src/web/permissions.ts';

const page = readFileSync('docs/security.md', 'utf8');
const part = (heading: string) => page.split('\n## ').find((each) => each.startsWith(heading)) ?? '';
/** The cells of each row of a part's tables but their heads. */
const rowsOf = (heading: string) =>
  part(heading)
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '');

const sources = new Map(
  ['src', 'jobs']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)).replaceAll('\\', '/')),
    )
    .filter((path) => path.endsWith('.ts') && !path.startsWith('src/generated/'))
    .map((path) => [path, readFileSync(path, 'utf8')] as const),
);

describe('docs/security.md', () => {
  test('says of each permission who has it, as the code does', () => {
    const company = (plan: Company['plan']) => ({ plan }) as Company;
    const may = (role: Role, permission: CompanyPermission, plan: Company['plan'] = 'paid') =>
      refusal(company(plan), role, permission) === null ? 'yes' : 'no';
    const permissions = [...new Set(routes.map(({ permission }) => permission))].filter(
      (each): each is CompanyPermission => /^(?:customers|exports|campaigns|settings):/.test(each),
    );
    const rows = permissions.map((each) => [
      `\`${each}\``,
      may('owner', each),
      may('manager', each),
      may('viewer', each),
      may('owner', each, 'free'),
    ]);
    const told = rowsOf('Who may do what').filter(([name]) => /^`\w+:\w+`$/.test(name ?? ''));
    expect(told.sort()).toEqual(rows.sort());
  });

  test('lists every address that needs no sign-in', () => {
    const open = routes.filter(({ permission }) => ['public', 'loopback', 'webhook'].includes(permission));
    const told = rowsOf('Who may do what').flatMap(([address]) =>
      codeIn(address ?? '').filter((code) => /^(?:GET|POST) /.test(code)),
    );
    expect(told.sort()).toEqual(open.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test('tells every limit as it is', () => {
    const seconds: Record<string, number> = { HOUR: 3600, DAY: 86_400, QUARTER: 900, '15 * 60': 900 };
    const inSeconds = (text: string) => seconds[text] ?? Number(text);
    const found = [...sources.values()].flatMap((source) => [
      ...[
        ...source.matchAll(/: Limit = \{ name: '([\w-]+)', points: (\d+), seconds: ([^,}]+?)(, lasting: true)? \}/g),
      ].map(
        ([, name, points, time, lasting]) =>
          `\`${name}\` | ${points} in ${inSeconds(time ?? '')} s${lasting ? ', lasting' : ''}`,
      ),
      ...[...source.matchAll(/: Patience = \{ name: '([\w-]+)', free: (\d+), longest: ([^,}]+?) \}/g)].map(
        ([, name, free, longest]) => `\`${name}\` | ${free} free, then up to ${inSeconds(longest ?? '')} s`,
      ),
    ]);
    const written = [...sources.values()].join('').match(/: (?:Limit|Patience) = \{ ?\n? *name:/g)?.length;
    expect(found).toHaveLength(written ?? 0);
    expect(
      rowsOf('Limits')
        .slice(1)
        .map((row) => row.join(' | '))
        .sort(),
    ).toEqual(found.sort());
    const limits = part('Limits');
    expect(limits).toContain(`${CODES_A_DAY} codes`);
    expect(limits).toContain(`${CALLS_PER_COMPANY} calls`);
    expect(limits).toContain(`${BYTES_PER_COMPANY / 2 ** 20} MB of their bodies at a time (${BYTES / 2 ** 20} MB`);
    for (const what of ['exports', 'imports', 'bulk']) {
      const most = /MOST_UNFINISHED = (\d+)/.exec(
        [...sources]
          .filter(([path]) => path.startsWith(`src/${what}/`))
          .map(([, source]) => source)
          .join(''),
      )?.[1];
      expect(limits).toContain(`${most} unfinished ${what}`);
    }
  });

  test('names the words that no password is made of', () => {
    const told = /person's names, address and company:\n(.+)\./.exec(part('Passwords'))?.[1]?.split(', ');
    expect(told).toEqual(CONTEXT_WORDS);
    expect(part('Passwords')).toContain(`fewer than ${LEFT} signs`);
  });

  test('tells how large a file may be', () => {
    const text = part('What comes in');
    expect(text).toContain(
      `at most ${MAX_BYTES / 2 ** 20} MB, ${MAX_ROWS.toLocaleString('en')} rows, ${MAX_COLUMNS} columns`,
    );
  });

  test('tells how long a session lasts', () => {
    const session = sources.get('src/web/session.ts') ?? '';
    const [, rest] = /SIGNED_IN = (\d+) \* HOUR/.exec(session) ?? [];
    const [, days] = /LONGEST = (\d+) \* 24 \* HOUR/.exec(session) ?? [];
    expect(part('Sessions')).toContain(`${rest} hours after the last use, and ${days} days after the sign-in`);
  });

  test('puts every table of the database into one class', () => {
    const tables = [...readFileSync('prisma/schema.prisma', 'utf8').matchAll(/@@map\("(\w+)"\)/g)].map(
      ([, name]) => name,
    );
    const told = rowsOf('Data')
      .slice(1)
      .flatMap(([, names]) => codeIn(names ?? ''));
    expect(told.sort()).toEqual(tables.sort());
  });

  test('has every place where something is hashed, signed, sealed or made at random, and no way that is not approved', () => {
    const WAYS =
      /\b(?:createHash|createHmac|createCipheriv|createDecipheriv|hkdfSync|randomBytes|randomInt|randomUUID|hash)\(|new TOTP\(/;
    const users = [...sources]
      .filter(([, source]) => /node:crypto|argon2'|otpauth/.test(source) && WAYS.test(source))
      .map(([path]) => path);
    const told = codeIn(part('Cryptography')).filter((code) => code.endsWith('.ts'));
    expect([...new Set(told)].sort()).toEqual(users.sort());
    const APPROVED: Record<string, RegExp> = {
      sha1: /^src\/sms\/webhooks\/signature\.ts$/,
      md5: /^src\/imports\/known\/book\.ts$/,
      sha256: /./,
      'aes-256-gcm': /./,
    };
    for (const [path, source] of sources) {
      const named = [
        ...source.matchAll(/(?:createHash|createHmac|createCipheriv|createDecipheriv|hkdfSync|\bhash)\(\s*'([\w-]+)'/g),
      ].map(([, name]) => name ?? '');
      for (const name of named) expect([path, name, APPROVED[name]?.test(path) ?? false]).toEqual([path, name, true]);
    }
  });

  test('has every file that opens a connection to somebody', () => {
    const OPENS =
      /from 'node:(?:https?|net|tls)'|\bfetch\(|from '(?:pg|redis|nodemailer|twilio|bullmq|ioredis|axios|undici)'/;
    // These listen, or only name things of those modules.
    const LISTENS = /^src\/(?:web\/listener|web\/problem|api\/openapi|platform\/postgres|inside)\.ts$/;
    const opening = [...sources]
      .filter(([path, source]) => OPENS.test(source.replace(/^import type .*$/gm, '')) && !LISTENS.test(path))
      .map(([path]) => path);
    const told = codeIn(part('Whom the portal calls')).filter((code) => code.endsWith('.ts'));
    expect([...new Set(told)].sort()).toEqual(opening.sort());
  });

  test('says what was decided where no number of the code could say it', () => {
    const decided: Record<string, RegExp[]> = {
      'Who may do what': [
        /Data: whoever acts/,
        /Fields: .*viewer.*plan, slug, country and currency/,
        /Where the state decides/,
      ],
      'Ways to sign in': [/no default account/, /second factor is asked for all the same/],
      Limits: [/Nobody is ever locked out/],
      'What comes in': [/Together: .*total beside its items.*expiry after the schedule/, /Steps follow one another/],
      Sessions: [/As many at a time as somebody likes/, /more than NIST advises/, /no single sign-on/],
      Cryptography: [/changed every year and whenever somebody who knew it leaves/, /`PHONE_KEY` cannot be changed/],
      'What takes long': [/jobs with their own progress/, /10 MB for the API, 200 kB for forms/],
      Logs: [/standard error/, /90 days/, /UTC/],
      'What others have written': [
        /within two days, a grave one within a week, others within a month/,
        /every three months/,
      ],
    };
    for (const [heading, sentences] of Object.entries(decided)) {
      for (const sentence of sentences)
        expect([heading, String(sentence), sentence.test(part(heading).replace(/\s+/g, ' '))]).toEqual([
          heading,
          String(sentence),
          true,
        ]);
    }
  });

  test('names every kind of line that the security log has', () => {
    for (const word of ['access', 'forgery', 'input', 'limit']) expect(part('Logs')).toContain(word);
    const loggers = [...sources].filter(([, source]) => /from 'pino'/.test(source)).map(([path]) => path);
    expect(loggers).toEqual(['src/platform/log.ts']);
    expect(
      [...sources]
        .filter(([, source]) => /console\.(?!error)|process\.stdout\.write/.test(source))
        .map(([path]) => path)
        .sort(),
    ).toEqual(['src/operator/main.ts', 'src/server.ts']);
  });
});
