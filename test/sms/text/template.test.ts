import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import { NOBODY, type Person, render } from '../../../src/sms/text/render.ts';
import { FIELDS, parseTemplate, type Template } from '../../../src/sms/text/template.ts';
import { CODE_LENGTH, LONGEST, preview, templateOf } from '../../../src/sms/text/text.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { person, storePeople } from '../../customers/make.ts';
import { makeApp, makeCompany, type TestApp } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { draftOf, everybody, mobile, NOON, PUBLIC_URL } from '../audience/make.ts';

const template = (text: string): Template => {
  const parsed = parseTemplate(text);
  if ('error' in parsed) throw new Error(`${parsed.error}: ${parsed.piece}`);
  return parsed;
};

describe('P-02 fields of a text', () => {
  test('a text is taken apart into what was written and fields with what stands in for them', () => {
    expect(template('Hi {{name|friend}}, {{ orders }} orders{{stop}}')).toEqual([
      'Hi ',
      { field: 'name', fallback: 'friend' },
      ', ',
      { field: 'orders', fallback: '' },
      ' orders',
      { field: 'stop', fallback: '' },
    ]);
    expect(template('{one} }} | brace')).toEqual(['{one} }} | brace']);
    expect(template('a\r\nb\rc')).toEqual(['a\nb\nc']);
    expect(template('')).toEqual([]);
  });

  test.each([
    ['{{constructor}}', 'field'],
    ['{{__proto__}}', 'field'],
    ['{{toString}}', 'field'],
    ['{{NAME}}', 'field'],
    ['{{}}', 'field'],
    ['{{name.length}}', 'field'],
    ['{{#with name}}', 'field'],
    ["{{constructor.constructor('return 1')()}}", 'field'],
    ['{{name', 'braces'],
    ['{{{name}}}', 'braces'],
    ['{{name|{{region}}}}', 'braces'],
    ['{{name|a|b', 'braces'],
  ])('%s is none (%s)', (text, error) => {
    expect(parseTemplate(`Hi ${text}`)).toMatchObject({ error, piece: expect.stringContaining('{{') });
  });

  test('a text made to keep the reader busy is read in one pass, whatever stands in it', () => {
    const blanks = ' '.repeat(LONGEST / 2 - 10);
    for (const text of [`{{${blanks}|${blanks}`, `{{${blanks}|${blanks}{}}`, `{{a${blanks}b${blanks}}}`]) {
      expect(parseTemplate(text)).toMatchObject({ error: expect.any(String) });
    }
    expect(parseTemplate('{{'.repeat(LONGEST / 2))).toMatchObject({ error: 'braces' });
    expect(template(`{{${blanks}name${blanks}|${blanks}}}`)).toEqual([{ field: 'name', fallback: '' }]);
  });

  test('a text of more signs than a provider takes is not looked at', () => {
    expect(templateOf('x'.repeat(LONGEST))).toHaveLength(1);
    expect(() => templateOf('x'.repeat(LONGEST + 1))).toThrow('sms.text.tooLong');
  });

  test('what a value looks like is never read again', () => {
    const someone = { ...NOBODY, name: '{{region}} $1 {{stop}} $& \\1 %s' };
    expect(render(template('<{{name}}>'), someone, company(), 'x')).toBe(`<${someone.name}>`);
  });

  test.each([
    ['Олена Коваль', 'Олена'],
    ['Коваль Олена Петрівна', 'Олена'],
    ['Іваненко Петро Іванович', 'Петро'],
    ['Петро Іванович Іваненко', 'Петро'],
    ['Anna Maria Smith', 'Anna'],
    ['  Marta \n ', 'Marta'],
    ['', 'friend'],
    [' \u00a0 ', 'friend'],
    ['К. Олена', 'friend'],
    ['O.P. Koval', 'friend'],
    ['О', 'friend'],
    ['Коваль О. Петрівна', 'friend'],
    ['Dr. House', 'Dr.'],
  ])('the first name of %j is %s', (name, first) => {
    expect(render(template('{{first_name|friend}}'), { ...NOBODY, name }, company(), 'x')).toBe(first);
  });

  test('the day of the last order is that of the company, in its language', () => {
    const someone = { ...NOBODY, lastOrderAt: new Date('2026-03-04T23:30:00Z') };
    expect(render(template('{{last_order|never}}'), someone, company({ locale: 'uk' }), 'x')).toBe('05.03.2026');
    expect(render(template('{{last_order|never}}'), someone, company({ locale: 'en' }), 'x')).toBe('5 Mar 2026');
    expect(render(template('{{last_order|never}}'), NOBODY, company(), 'x')).toBe('never');
  });

  const company = (wishes: Partial<Company> = {}) =>
    ({ name: 'Shop', timezone: 'Europe/Kyiv', locale: 'uk', ...wishes }) as Company;
});

describe('the database writes the same text', () => {
  let portal: TestApp;
  beforeAll(async () => {
    portal = await makeApp();
  });
  afterAll(() => portal.close());

  const spice = fc.constantFrom(
    'Олена',
    'Коваль',
    'Петрівна',
    'Іванович',
    ' ',
    '\u00a0',
    '\n',
    '\t',
    '{{name}}',
    '|',
    "'",
    '$1',
    '\\',
    '%',
    '😀',
    'é',
    '\u2003',
    'ич',
    '\u0085',
    '\ufeff',
    'К. ',
    'О',
    '.',
  );
  const words = fc.array(spice, { maxLength: 6 }).map((parts) => parts.join(''));
  const plain = fc
    .array(fc.constantFrom('Hi ', 'є', '\n', "'", '"', '$1', '\\', '{ ', '}', '|', '😀', '%s'), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const field = fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom('', '|', '|friend', '| друже '), plain)
    .map(([name, fallback, text]) => `{{${name}${fallback}}}${text}`);
  const body = fc
    .tuple(plain, fc.array(field, { minLength: 1, maxLength: 5 }))
    .map(([text, fields]) => `.${text}.${fields.join('')}`.slice(0, 1600));
  const someone = fc.record({
    name: words,
    region: fc.option(words, { nil: null }),
    orders: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    lastOrderAt: fc.option(
      fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2026, 10, 20) }).map((at) => new Date(at)),
      { nil: null },
    ),
  });

  test('for any text, customer and company', async () => {
    const companies = [
      await makeCompany(portal, { locale: 'uk', name: "  Крамниця\n'у Ївги' " }),
      await makeCompany(portal, { locale: 'en', timezone: 'America/Sao_Paulo' }),
    ];
    const property = fc.asyncProperty(
      fc.constantFrom(...companies),
      body,
      fc.array(someone, { minLength: 1, maxLength: 5 }),
      async (company, body, people) => {
        const ids = await store(company, people);
        const found = await everybody(
          portal,
          company,
          await draftOf(portal, company, { kind: 'one', body, whom: { ids } }),
        );
        for (const [index, one] of people.entries()) {
          const link = /\{\{stop/.test(body) ? await linkOf(company, found.get(ids[index] ?? '')?.body ?? '') : 'x';
          expect(found.get(ids[index] ?? '')?.body).toBe(render(template(body), one, company, link));
        }
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  /** What can be clicked, with the code that this one got. */
  async function linkOf({ id }: Company, text: string): Promise<string> {
    const [row] = await portal.database.prisma.$queryRaw<{ number: bigint }[]>(
      sql`select number from company where id = ${id}::uuid`,
    );
    const prefix = `${PUBLIC_URL}/u/${row?.number.toString(36)}.`;
    const code = text.split(prefix)[1]?.slice(0, CODE_LENGTH) ?? '';
    expect(code).toMatch(/^[A-Za-z0-9]{10}$/);
    return `${prefix}${code}`;
  }

  let numbers = 0;
  async function store(company: Company, people: readonly Person[]): Promise<string[]> {
    const rows = people.map(({ name, region, orders, lastOrderAt }) =>
      person({
        name,
        region,
        orders: Number(orders),
        lastOrder: lastOrderAt,
        lastActivity: NOON,
        phones: [mobile(++numbers)],
      }),
    );
    await storePeople(portal.tenancy, company, rows);
    const keys = JSON.stringify(
      rows.flatMap(({ phones }) => phones.map((value) => ({ value, key: keyOfPhone(value) }))),
    );
    await portal.database.prisma.$executeRaw(sql`
      update contact c set phone_key = k.key, mobile = true, country = 'UA' from jsonb_to_recordset(${keys}::jsonb) as k(value text, key text)
      where c.company_id = ${company.id}::uuid and c.value = k.value`);
    return rows.map(({ id }) => id);
  }

  test('a preview is as long, and costs as much, as what will be sent', async () => {
    const company = await makeCompany(portal);
    const [id = ''] = await store(company, [{ name: 'Олена Коваль', region: null, orders: 3n, lastOrderAt: NOON }]);
    const body = 'Вітаємо, {{first_name}}! {{stop}}';
    const shown = await portal.tenancy.reading(company, (db) => preview(db, { body }, id, PUBLIC_URL));
    const row = await draftOf(portal, company, { body });
    const sent = (await everybody(portal, company, row)).get(id);
    expect(shown).toMatchObject({ encoding: 'ucs2', parts: sent?.parts, forcing: expect.arrayContaining(['О']) });
    expect(shown.body.slice(0, -CODE_LENGTH)).toBe(sent?.body.slice(0, -CODE_LENGTH));
    expect(shown.body).toHaveLength(sent?.body.length ?? 0);
    const unknown = await portal.tenancy.reading(company, (db) => preview(db, { body }, newId(), PUBLIC_URL));
    expect(unknown.body).toMatch(/^Вітаємо, ! https/);
  });
});
