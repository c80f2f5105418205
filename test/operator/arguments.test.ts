import { expect, test } from '@jest/globals';
import { operateOn } from './operator.ts';

// Nothing listens there: what is wrong with the arguments is said before the database is asked for.
const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };

const company = [
  '--slug',
  'shop',
  '--name',
  'Shop',
  '--country',
  'UA',
  '--currency',
  'UAH',
  '--timezone',
  'Europe/Kyiv',
];
const user = ['--email', 'a@example.com', '--password', 'long enough', '--name', 'A'];
const rate = ['--from', 'EUR', '--to', 'UAH', '--rate', '48.5', '--date', '2026-11-20'];

test.each([
  [
    'no command',
    [],
    'no command given; there are company:create, user:create, user:reset-second-factor, key:create, rate:set, sender:add, sender:give, prices:load, migrate, partition, seed:demo, check:counters, restore:reapply, restore:confirm',
  ],
  ['an unknown command', ['company:delete'], /^unknown command "company:delete"; there are company:create, /],
  ['a name that every object has', ['constructor'], /^unknown command "constructor"/],
  [
    'an unknown flag',
    ['rate:set', ...rate, '--force'],
    'unknown flag --force; rate:set takes --from, --to, --rate, --date, --recompute',
  ],
  ['a stray word', ['migrate', 'now'], 'migrate takes no "now"; migrate takes no flags'],
  ['a flag without its value', ['company:create', '--slug', '--name', 'Shop'], '--slug needs a value'],
  ['a value where none belongs', ['rate:set', ...rate, '--recompute=yes'], '--recompute takes no value'],
  ['a flag given twice', ['company:create', ...company, '--slug', 'other'], '--slug is given twice'],
  [
    'missing flags, all of them named',
    ['rate:set', '--from', 'EUR'],
    '--to is missing; --rate is missing; --date is missing',
  ],
  [
    'a slug that cannot stand in an address',
    ['company:create', ...company.with(1, 'My Shop')],
    /^--slug must be small letters/,
  ],
  ['an unknown country', ['company:create', ...company.with(5, 'XX')], '--country must be an ISO 3166 code such as UA'],
  [
    'an unknown currency',
    ['company:create', ...company.with(7, 'hryvnia')],
    '--currency must be an ISO 4217 code such as UAH',
  ],
  [
    'an unknown time zone',
    ['company:create', ...company.with(9, 'Kyiv')],
    '--timezone must be an IANA name such as Europe/Kyiv',
  ],
  ['an unknown language', ['company:create', ...company, '--locale', 'fr'], '--locale must be one of en, uk'],
  ['an unknown plan', ['company:create', ...company, '--plan', 'gold'], '--plan must be one of paid, free'],
  [
    'quiet hours that are none',
    ['company:create', ...company, '--quiet-hours', '25:00-9:00'],
    /^--quiet-hours must be a span such as 20:00-9:00, or off$/,
  ],
  ['an e-mail that is none', ['user:create', ...user.with(1, 'a')], '--email must be an e-mail address'],
  [
    'a short password',
    ['user:create', ...user.with(3, 'short')],
    '--password must have 8 to 200 characters, and be none that many people have',
  ],
  ['a role without its company', ['user:create', ...user, '--role', 'owner'], '--company and --role belong together'],
  ['a company without a role', ['user:create', ...user, '--company', 'shop'], '--company and --role belong together'],
  [
    'an unknown role',
    ['user:create', ...user, '--company', 'shop', '--role', 'boss'],
    '--role must be one of owner, manager, viewer',
  ],
  [
    'two places at once',
    ['user:create', ...user, '--moderator', '--admin'],
    /^only one of --company, --moderator and --admin/,
  ],
  ['a key for nobody', ['key:create', '--name', 'x'], /^either --company .* or --portal .* is needed$/],
  [
    'a key for two',
    ['key:create', '--name', 'x', '--company', 'shop', '--portal'],
    /^either --company .* or --portal .* is needed$/,
  ],
  [
    'an unknown scope',
    ['key:create', '--name', 'x', '--portal', '--scopes', 'read,write'],
    '--scopes must be a list of ingest, read, consents, send',
  ],
  ['a rate of nothing', ['rate:set', ...rate.with(5, '0')], '--rate must be a decimal number above zero such as 44.85'],
  [
    'a rate in words',
    ['rate:set', ...rate.with(5, '48,5')],
    '--rate must be a decimal number above zero such as 44.85',
  ],
  ['a day that is none', ['rate:set', ...rate.with(7, '2026-02-30')], '--date must be a day such as 2026-11-20'],
  ['one currency twice', ['rate:set', ...rate.with(3, 'EUR')], '--from and --to must be two currencies'],
])('%s is one clear line and exit code 1', async (_what, argv, line) => {
  const { code, answer, error } = await operateOn(nowhere, ...argv);
  expect({ code, answer }).toEqual({ code: 1, answer: null });
  expect(error).not.toContain('\n');
  if (typeof line === 'string') expect(error).toBe(line);
  else expect(error).toMatch(line);
});

test('a database that does not answer is one line too', async () => {
  const { code, error } = await operateOn(nowhere, 'check:counters');
  expect(code).toBe(1);
  expect(error).toMatch(/^[^\n]*127\.0\.0\.1:1[^\n]*$/);
});

test('without a database and without a running portal it says what to do', async () => {
  const { code, error } = await operateOn({ DATA_DIR: '/nowhere/at/all' }, 'migrate');
  expect(code).toBe(1);
  expect(error).toBe('no portal runs on DATA_DIR /nowhere/at/all: start it with "npm start", or set DATABASE_URL');
});

test('the secrets that production wants are not asked of the operator', async () => {
  const { error } = await operateOn({ ...nowhere, NODE_ENV: 'production' }, 'check:counters');
  expect(error).toContain('127.0.0.1:1');
});
