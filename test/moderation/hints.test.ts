import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Mark, marksOf, pieces } from '../../src/moderation/hints.ts';

const marked = (text: string) =>
  pieces(text)
    .filter(({ mark }) => mark !== null)
    .map(({ text, mark }) => [mark, text]);

describe('P-88 what a moderator is shown in a text', () => {
  test.each<[string, Mark, string]>([
    ['see https://example.com/x?y=1 for more', 'link', 'https://example.com/x?y=1'],
    ['see https://example.com/x, and tell', 'link', 'https://example.com/x'],
    ['на www.example.org все видно', 'link', 'www.example.org'],
    ['пишіть у t.me/someone', 'link', 't.me/someone'],
    ['наш сайт kvity.com.ua кращий', 'link', 'kvity.com.ua'],
    ['he is @somebody_there', 'link', '@somebody_there'],
    ['mail me: olena.koval@mail.example.com.', 'email', 'olena.koval@mail.example.com'],
    ['his number is +380 67 123-45-67!', 'phone', '+380 67 123-45-67'],
    ['телефонуйте 067 123 45 67', 'phone', '067 123 45 67'],
    ['(044) 234 56 78', 'phone', '044) 234 56 78'],
    ['paid by 4111 1111 1111 1111', 'card', '4111 1111 1111 1111'],
    ['живе на вул. Хрещатик, буд. 12', 'address', 'вул. Хрещатик, буд. 12'],
    ['вул.  Івана  Франка 7', 'address', 'вул.  Івана  Франка 7'],
    ['проспекту Перемоги д. 5', 'address', 'проспекту Перемоги д. 5'],
    ['кв. № 17', 'address', 'кв. № 17'],
    ['lives at 221 Baker Street', 'address', '221 Baker Street'],
    ['what a SHIT customer', 'obscene', 'SHIT'],
    ['повний МУДАК', 'obscene', 'МУДАК'],
    ['какой-то мудаk', 'obscene', 'мудаk'],
    ['ну і суууука', 'obscene', 'суууука'],
    ['идиотка', 'obscene', 'идиотка'],
  ])('%s: %s', (text, mark, piece) => {
    expect(marked(text)).toEqual([[mark, piece]]);
    expect(marksOf(text)).toEqual([mark]);
  });

  test.each([
    'Did not take the parcel of 20.11.2026, 1250.00 UAH, although I wrote 3 times.',
    'Ordered on 2026-11-20 10:15, came on 2026-11-25.',
    'Замовив 3 лампи за 2 450,00 грн і не забрав. Тварини, лайнер, скунс, хулиган, Scunthorpe, assess, сук дерева.',
    'Good buyer: paid at once.Thanks',
    '',
  ])('nothing in: %s', (text) => {
    expect(marked(text)).toEqual([]);
  });

  test('the pieces of any text together are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(
          pieces(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
    const mixed = fc.array(
      fc.constantFrom('+380671234567', ' ', 'a@b.cc', 'fuck', 'www.x.ua', 'вул. ', '1', '4111111111111111', '@'),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(mixed, (parts) => {
        const text = parts.join('');
        expect(
          pieces(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('the longest text made to be slow is read at once', () => {
    for (const part of ['1 ', 'a.', '@', 'вул. а', '+', 'a-', 'https://', '1.']) {
      expect(pieces(part.repeat(1000)).length).toBeGreaterThan(0);
    }
    const blanks = ' '.repeat(1990);
    for (const text of [
      `вул.${blanks}x`,
      `вул. Довга${blanks}x`,
      `вул. Довга, буд.${blanks}x`,
      `вул.${' а'.repeat(900)}`,
      `проспект${'а'.repeat(1990)}`,
      `кв${blanks}x`,
      `1${blanks}Baker`,
      `1 Baker${blanks}street`,
      `www.${'.'.repeat(1990)}`,
      `a@${'a'.repeat(1990)}`,
    ]) {
      expect([text.slice(0, 20), marksOf(text)]).toEqual([text.slice(0, 20), []]);
    }
  });
});
