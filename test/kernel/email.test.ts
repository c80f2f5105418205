import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseEmail } from '../../src/kernel/email.ts';
import { sharedData } from './shared-data.ts';

type Case = { category: string; address: string };

const A64 = 'a'.repeat(64);
const FEW_CASES: Case[] = [
  ...['test@iana.org', 'test@io', 'a@123.com', "!#$%&'*+/=?^`{|}~@iana.org", `${A64}@iana.org`, 'test@c--n.com'].map(
    valid,
  ),
  ...['', '@', 'test', 'test@', '@iana.org', '.a@iana.org', 'a.@iana.org', 'a..b@iana.org', 'a@-iana.org'].map(error),
  ...['a@iana-.com', 'a@.iana.org', 'a@iana.org.', 'a@iana..com', 'a@b@iana.org', '"a@iana.org', 'a@iana.org\n'].map(
    error,
  ),
  ...['a\\@b@iana.org', '\x7f@iana.org', 'a@\x07.org', '\r\na@iana.org', '(a@iana.org', 'a@[1.2.3.4'].map(error),
];

function valid(address: string): Case {
  return { category: 'VALID_CATEGORY', address };
}

function error(address: string): Case {
  return { category: 'ERR', address };
}

/** The isemail collection writes control characters as U+2400 + n, because XML cannot. */
function readCases(xml: string): Case[] {
  const cases = xml.matchAll(/<address>(.*?)<\/address>.*?<category>ISEMAIL_(\w+)<\/category>/gs);
  return Array.from(cases, ([, address = '', category = '']) => ({ category, address: plain(address) }));
}

function plain(text: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&(\w+);/g, (all, name: string) => entities[name] ?? all)
    .replace(/[\u2400-\u241f]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) - 0x2400));
}

const xml = sharedData('email_addresses.xml');
const CASES = xml ? readCases(xml) : FEW_CASES;
const of = (...categories: string[]): string[] =>
  CASES.filter(({ category }) => categories.includes(category)).map(({ address }) => address);

describe('P-37 e-mail addresses', () => {
  test.each(of('VALID_CATEGORY', 'DNSWARN'))('%j is accepted', (address) => {
    expect(parseEmail(address)).toBe(address.toLowerCase());
  });

  test.each(of('ERR'))('%j is refused', (address) => {
    expect(parseEmail(address)).toBeNull();
  });

  test('of what only the standards allow, few addresses are accepted', () => {
    const accepted = of('RFC5321', 'CFWS', 'DEPREC', 'RFC5322').filter((address) => parseEmail(address) !== null);
    // One label, blanks around, and 255 characters where the standard has 254.
    for (const address of accepted) expect(address).toMatch(/^(?:test@org| ?test@iana\.org ?|[a-z@.]{255})$/);
  });

  test('spelling differs by case and blanks around only', () => {
    expect(parseEmail('  Olena.Koval+Shop@Example.COM\t')).toBe('olena.koval+shop@example.com');
    expect(parseEmail('\u00a0olena@example.com\ufeff')).toBe('olena@example.com');
    expect(parseEmail('olenakoval@example.com')).not.toBe(parseEmail('olena.koval@example.com'));
  });

  test('letters of every script are letters', () => {
    expect(parseEmail('Олена@Приклад.УКР')).toBe('олена@приклад.укр');
    expect(parseEmail('test@xn--80aikifvh.xn--j1amh')).toBe('test@xn--80aikifvh.xn--j1amh');
  });

  test.each([
    '"olena koval"@example.com',
    'olena(home)@example.com',
    'olena@[192.0.2.1]',
    'olena@192.0.2.1',
    'olena @example.com',
    'Olena <olena@example.com>',
    'mailto:olena@example.com',
    'olena@example.com, taras@example.com',
    'olena@example.com\nBcc: all@example.com',
    'olena@exam_ple.com',
    'olena@example.com\0',
    'olena\ud800@example.com',
    `${A64}a@example.com`,
    `olena@${A64}.com`,
  ])('%j is refused', (address) => {
    expect(parseEmail(address)).toBeNull();
  });

  test('P-60 at most 255 characters', () => {
    const address = (length: number): string => `${`${'a'.repeat(50)}@`.padEnd(length - 3, 'bcdefghi.')}.ua`;
    expect(parseEmail(address(255))).toHaveLength(255);
    expect(parseEmail(address(256))).toBeNull();
  });

  test('a result parses to itself, and any text gets an answer', () => {
    const texts = fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zİΣß.@ -]{3,20}$/));
    fc.assert(
      fc.property(texts, (given) => {
        const email = parseEmail(given);
        if (email !== null) expect(parseEmail(email)).toBe(email);
      }),
    );
    for (const flood of ['a', '.', 'a.', '@', '-', ' ', 'a@', '\u0301']) {
      expect(parseEmail(`${flood.repeat(500_000)}!`)).toBeNull();
    }
  });
});
