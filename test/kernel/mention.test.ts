import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isNamed,
  isNamedIn,
  type Named,
  namesNumber,
  queryWithoutNamed,
  withoutNamed,
} from '../../src/kernel/mention.ts';

const PHONE = '+380507770123';
const anna: Named = {
  phones: [PHONE],
  emails: ['anna@shop.example'],
  accounts: ['zenobia-77', '7770123', '7'],
  names: ['Anna Li', 'Anna'],
};
const without = (text: string, known?: boolean) => withoutNamed(text, anna, 'UA', known);

describe('what is somebody else stays', () => {
  test.each([
    ['a namesake', 'Anna Li, +380671110000'],
    ['a name inside longer words', 'Joanna Lipska'],
    ['an address that ends alike', 'joanna@shop.example'],
    ['an address with one more domain', 'anna@shop.example.org'],
    ['an account inside another one', 'xzenobia-77 zenobia-771 zenobia-77-b'],
    ['an account inside an address', 'zenobia-77@mail.example'],
    ['an account inside a phone', '+380447770123, (044) 7770123, 044-777-01-23, 044 7770123'],
    ['an account that is too short to tell anything', '7 pieces, "7"'],
    ['a longer number', '9380507770123456'],
  ])('%s', (_what, text) => {
    expect([without(text), isNamed(text, anna, 'UA')]).toEqual([text, false]);
  });

  test('a name beside a contact only as a whole word', () => {
    expect(without(`Joanna, Anna-Maria and Anna: ${PHONE}`)).toBe('Joanna, Anna-Maria and …: …');
  });

  test('a customer called as a word of the language is cut out of no text', () => {
    const named = { ...anna, names: ['доставка'] };
    expect(withoutNamed('Безкоштовна доставка завтра', named, 'UA')).toBe('Безкоштовна доставка завтра');
  });

  test('whatever is written, without a contact nothing goes', () => {
    const words = fc.array(fc.oneof(fc.constantFrom('Anna', 'Anna Li', 'Li', '7', 'доставка'), fc.lorem()));
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join(' ');
        expect(without(text)).toBe(text);
        expect(queryWithoutNamed(new URLSearchParams({ q: text }).toString(), anna, 'UA')).toBe(
          new URLSearchParams({ q: text }).toString(),
        );
      }),
    );
  });

  test('letters around a contact or a name make it another one', () => {
    const letter = fc.constantFrom('a', 'Я', 'é', '5');
    const word = fc.constantFrom('anna@shop.example', 'zenobia-77', '7770123', 'Anna');
    fc.assert(
      fc.property(letter, word, letter, (before, wanted, after) => {
        expect(without(`${before}${wanted}${after}`, true)).toBe(`${before}${wanted}${after}`);
      }),
    );
  });
});

describe('what names the person goes', () => {
  test.each([
    ['Call 050 777 01 23 now', 'Call … now'],
    ['Write to Anna@Shop.example.', 'Write to ….'],
    ['account: zenobia-77, 7770123', 'account: …, …'],
    ['Anna Li <anna@shop.example>', '… <…>'],
    ['anna  li, tel. +38 (050) 777-01-23', '…, tel. …'],
  ])('%s', (text, left) => {
    expect([without(text), isNamed(text, anna, 'UA')]).toEqual([left, true]);
  });

  test('a name alone in a text that is known to be about them', () => {
    expect(without('For Anna Li', true)).toBe('For …');
    expect(withoutNamed('For Anna Li', { ...anna, texts: ['For Anna Li'] }, 'UA')).toBe('For …');
  });

  test('a contact among any words', () => {
    const contact = fc.constantFrom(PHONE, '050 777 01 23', 'anna@shop.example', 'zenobia-77');
    fc.assert(
      fc.property(fc.lorem(), contact, fc.lorem(), (before, wanted, after) => {
        expect(without(`${before}: ${wanted}, ${after}`)).toBe(`${before}: …, ${after}`);
      }),
    );
  });

  test('a number in digits of another script', () => {
    expect(namesNumber('٠٥٠٧٧٧٠١٢٣', PHONE, 'UA')).toBe(true);
  });

  test('a number that is dialled inside its country with other digits in front', () => {
    expect(namesNumber('011 15-2345-6789', '+5491123456789', 'AR')).toBe(true);
  });

  test('from what was typed to search, its condition staying one', () => {
    const where = (value: string) => new URLSearchParams({ q: 'Anna', where: `phone:is:${value}` }).toString();
    expect(new URLSearchParams(queryWithoutNamed(where(encodeURIComponent(PHONE)), anna, 'UA')).get('where')).toBe(
      `phone:is:${encodeURIComponent('…')}`,
    );
    const others = where(encodeURIComponent('+380671110000'));
    expect(queryWithoutNamed(others, anna, 'UA')).toBe(others);
  });
});

test.each([
  [['Anna Li', '0507770123'], true],
  [['Somebody', 'zenobia-77'], true],
  [['anna  LI', '7'], true],
  [['Anna Li', '0671110000'], false],
  [['Olena', '7'], false],
  [['Anna Li', '17'], false],
])('of a row %j: %s', (cells, theirs) => {
  expect(isNamedIn(cells, anna, 'UA')).toBe(theirs);
});
