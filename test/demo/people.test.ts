import { describe, expect, test } from '@jest/globals';
import { cultures } from '../../src/demo/cultures.ts';
import { makeOrders } from '../../src/demo/orders.ts';
import { makePeople, tell } from '../../src/demo/people.ts';
import { openRandom } from '../../src/demo/random.ts';
import { zatyshok } from '../../src/demo/shops/zatyshok.ts';
import { parseEmail } from '../../src/kernel/email.ts';
import { parsePhone } from '../../src/kernel/phone.ts';

const now = new Date('2026-11-21T15:00:00Z');
const people = makePeople(openRandom(7), 1, 1000, zatyshok.mix);

describe('the invented people', () => {
  test('P-38 have valid mobile numbers with zeros where nobody has them, each for one person alone', () => {
    const phones = people.flatMap((person) => person.phones);
    for (const phone of phones) {
      expect(parsePhone(phone, 'UA')).toMatchObject({ e164: phone, mobile: true });
      expect(phone).toMatch(/000?\d{4}|0\d{4}0$/);
    }
    expect(new Set(phones).size).toBe(phones.length);
  });

  test('P-37 have addresses at domains that are nobody’s, each for one person alone', () => {
    const emails = people.flatMap((person) => person.emails);
    for (const email of emails) {
      expect(parseEmail(email)).toBe(email);
      expect(email).toMatch(/^[a-z.]+\d+@example\.(com|org|net)$/);
    }
    expect(new Set(emails).size).toBe(emails.length);
  });

  test('have names in five languages', () => {
    expect(new Set(people.map((person) => person.culture))).toEqual(new Set(Object.keys(cultures)));
    for (const letters of [/[ії]/, /ł/, /ü|ä/, /Желязков/, /^[A-Z][a-z]+ [A-Z][a-z]+$/]) {
      expect(people.some((person) => letters.test(person.name))).toBe(true);
    }
  });

  test('tell their numbers in spellings that are read as the same number', () => {
    const random = openRandom(8);
    for (const person of people) {
      const told = tell(random, person, 'ukrainian', true);
      const read = (told.phones ?? []).map((phone) => parsePhone(phone, 'UA')?.e164);
      expect(read).toEqual(person.phones);
      expect((told.emails ?? []).map(parseEmail)).toEqual(person.emails);
    }
  });
});

test('the demo is the same every time', () => {
  const make = () => {
    const random = openRandom(zatyshok.seed);
    const orders = makeOrders(random, zatyshok, makePeople(random, 1, zatyshok.buyers, zatyshok.mix), now);
    return JSON.stringify(orders.map((order) => order.body));
  };
  const [first, second] = [make(), make()];
  expect(first === second).toBe(true);
});

test('no order lies after now', () => {
  const random = openRandom(1);
  const placed = makeOrders(random, zatyshok, makePeople(random, 1, 1850, zatyshok.mix), now);
  expect(placed).toHaveLength(5000);
  expect(placed.every(({ at }) => at <= now)).toBe(true);
});
