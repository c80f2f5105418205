import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, isCleanText } from '../../src/kernel/text.ts';
import { sharedData } from './shared-data.ts';

const FEW_NAUGHTY = [
  '',
  '\u0000',
  '\ud800',
  'ﷺ',
  '¸˛Ç◊ı˜Â¯˘¿',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '\ufeff',
  '田中さん',
  'اختبار النص',
  '1;DROP TABLE users',
];
const NAUGHTY: string[] = JSON.parse(sharedData('naughty_strings.json') ?? JSON.stringify(FEW_NAUGHTY));

const anyText = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
const accented = fc
  .array(
    fc.constantFrom('e', 'Σ', ' ', '\u0301', '\u0323', '\u0344', '\u0f71', '\uff9e', '\u09c7', '\u1161', '\u0345'),
    { minLength: 25, maxLength: 200 },
  )
  .map((signs) => signs.join(''));

describe('P-51 folding for search', () => {
  test.each([
    ['  Олена   КОВАЛЬ ', 'олена коваль'],
    ['Ｏｌｅｎａ', 'olena'],
    ['Łódź\u00a0\t\nGroup', 'łódź group'],
    ['ЙОСИП', 'йосип'],
    ['И\u0306осип', 'йосип'],
    ['ﬁne', 'fine'],
    ['', ''],
    [' \u3000 ', ''],
  ])('%j becomes %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test('folding twice changes nothing, on any text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' }), accented, fc.constantFrom(...NAUGHTY)), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
      { numRuns: 1000 },
    );
  });

  test('folding twice changes no character of Unicode', () => {
    for (let block = 0; block <= 0x10ffff; block += 0x1000) {
      const characters = Array.from({ length: 0x1000 }, (_, i) => String.fromCodePoint(block + i));
      const once = fold(characters.join('|'));
      expect(fold(once)).toBe(once);
    }
  });

  test('accents are kept, but no more than thirty on a letter', () => {
    expect(fold('Việt')).toBe('việt');
    expect(fold(`q${'\u0301'.repeat(30)}`)).toHaveLength(31);
    expect(fold(`q${'\u0301'.repeat(1000)}`)).toHaveLength(31);
  });

  test('hostile texts are folded and judged too', () => {
    for (const text of [
      ...NAUGHTY,
      ' '.repeat(1_000_000),
      '\u0301\u0323'.repeat(500_000),
      '\uff9e\u0301'.repeat(500_000),
      'İ\u0323'.repeat(200_000),
    ]) {
      expect(fold(text)).toBe(fold(text).trim());
      expect(isCleanText(fold(text))).toBe(isCleanText(text));
    }
  });
});

test('text with a NUL or half a surrogate pair cannot be stored', () => {
  for (const text of ['', 'Олена', '🙂', 'a\tb\r\nc', '\ufffd', '\u202e']) expect(isCleanText(text)).toBe(true);
  for (const text of ['\0', 'a\0b', '\ud83d', '\ude42', 'a\ud83d b', '\ude42\ud83d'])
    expect(isCleanText(text)).toBe(false);
});
