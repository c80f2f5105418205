import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { knownAs, mayBeFormer } from '../../src/reviews/tab/owner.ts';

const DAY = 86_400_000;
const START = Date.UTC(2020, 0, 1);
const on = (day: number) => new Date(START + day * DAY);
const keyed = (text: string) => `<${text}>`;
const as = (name: string | null, email: string | null) =>
  knownAs(
    [
      ...(name ? [{ kind: 'name', value: name } as const] : []),
      ...(email ? [{ kind: 'email', value: email } as const] : []),
    ],
    keyed,
  );

describe('a review may be about a former owner of the number', () => {
  test('after a year of silence since the dealing it tells of, and not after a day less', () => {
    const review = { dealtAt: on(0), knownAs: [] };
    expect(mayBeFormer(review, [on(365)], [])).toBe(true);
    expect(mayBeFormer(review, [on(364)], [])).toBe(false);
    expect(mayBeFormer(review, [on(364), on(700)], [])).toBe(false);
    expect(mayBeFormer(review, [on(364), on(729)], [])).toBe(true);
  });

  test('not because nothing was heard since, nor for silence before it', () => {
    expect(mayBeFormer({ dealtAt: on(0), knownAs: [] }, [], [])).toBe(false);
    expect(mayBeFormer({ dealtAt: on(1000), knownAs: [] }, [on(0), on(400)], [])).toBe(false);
  });

  test.each([
    [
      'name and e-mail are entirely different',
      as('Olena Koval', 'olena@x.test'),
      as('Petro Bondar', 'petro@x.test'),
      true,
    ],
    ['one word of the name is the same', as('Olena Koval', 'olena@x.test'), as('O. Koval', 'other@x.test'), false],
    ['the e-mail is the same', as('Olena Koval', 'olena@x.test'), as('Petro Bondar', 'olena@x.test'), false],
    ['no e-mail is known there', as('Olena Koval', null), as('Petro Bondar', 'petro@x.test'), false],
    ['no name is known here', as('Olena Koval', 'olena@x.test'), as(null, 'petro@x.test'), false],
    [
      'the name is only written otherwise',
      as('KOVAL  olena', 'olena@x.test'),
      as('Olena Koval', 'other@x.test'),
      false,
    ],
    ['only initials agree', as('O Koval', 'olena@x.test'), as('O Bondar', 'petro@x.test'), true],
  ])('or not: %s', (_name, there, here, former) => {
    expect(mayBeFormer({ dealtAt: on(0), knownAs: there }, [on(1)], here)).toBe(former);
  });

  test('the order of signs plays no part, and one more sign never makes the silence longer', () => {
    const days = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 12 });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 }), (signs, dealt, more) => {
        const asked = (of: number[]) => mayBeFormer({ dealtAt: on(dealt), knownAs: [] }, of.map(on), []);
        const sorted = [...signs].sort((a, b) => a - b);
        expect(asked(signs)).toBe(asked(sorted));
        const within = sorted.some((day) => day >= more);
        if (!asked(signs) && within) expect(asked([...signs, more])).toBe(false);
      }),
    );
  });

  test('hostile names say nothing and break nothing', () => {
    for (const name of ['', ' ', '…', '👩‍🚀', 'x'.repeat(10_000), '\u0301'.repeat(500)])
      expect(as(name, null).every((key) => key.startsWith('n:'))).toBe(true);
  });
});
