import { formatPhone } from '../kernel/phone.ts';
import { type Culture, type CultureName, cultures } from './cultures.ts';
import { latin } from './latin.ts';
import type { Random } from './random.ts';

/** Somebody who buys or writes. All that is told of one person leads to one customer. */
export interface Person {
  /** tells the person apart, and makes phones and e-mails nobody else's */
  number: number;
  culture: CultureName;
  name: string;
  gender: 'female' | 'male';
  region: string;
  account: string | null;
  /** E.164 */
  phones: string[];
  emails: string[];
}

/** `customer` of an order or a message, as the API takes it. */
export interface Given {
  accountId?: string;
  name?: string;
  phones?: string[];
  emails?: string[];
  gender?: string;
  region?: string;
}

/** `first`: the number of the first one; numbers go up to 9999. */
export function makePeople(
  random: Random,
  first: number,
  count: number,
  mix: Readonly<Partial<Record<CultureName, number>>>,
): Person[] {
  return Array.from({ length: count }, (_, index) => makePerson(random, first + index, random.weighted(mix)));
}

function makePerson(random: Random, number: number, cultureName: CultureName): Person {
  const culture: Culture = cultures[cultureName];
  const gender = random.chance(0.55) ? 'female' : 'male';
  const [female = '', male = female] = random.pick(culture.surnames).split('|');
  const name = `${random.pick(gender === 'female' ? culture.women : culture.men)} ${gender === 'female' ? female : male}`;
  const has = random.weighted({ both: 45, phone: 22, email: 8, twoPhones: 13, twoEmails: 7, many: 5 });
  const four = String(number).padStart(4, '0');
  const phones = { both: 1, phone: 1, email: 0, twoPhones: 2, twoEmails: 1, many: 3 }[has];
  const emails = { both: 1, phone: 0, email: 1, twoPhones: 1, twoEmails: 2, many: 2 }[has];
  const variants = phoneVariants(culture, four);
  const from = random.whole(0, variants.length - 1);
  return {
    number,
    culture: cultureName,
    name,
    gender,
    region: random.pick(culture.regions),
    account: random.chance(0.2) ? `u-${1000 + number}` : null,
    phones: [...variants.slice(from), ...variants.slice(0, from)].slice(0, phones),
    emails: [
      `${latin(name)}${number}@example.com`,
      `${latin(name).split('.').reverse().join('.')}${number}@example.org`,
    ].slice(0, emails),
  };
}

/** All numbers with these four digits at their end: with the digits they are one person's. */
const phoneVariants = (culture: Culture, four: string) => [
  ...new Set(Array.from({ length: 12 }, (_, variant) => culture.phone(four, variant))),
];

/**
 * What the person tells this time: names and numbers in some spelling. `everything`: all contacts at once, which joins what was
 * told apart before; otherwise some of them.
 */
export function tell(random: Random, person: Person, home: CultureName, everything: boolean): Given {
  const contacts = [
    ...person.phones.map((value) => ['phones', value]),
    ...person.emails.map((value) => ['emails', value]),
  ];
  const sure = random.whole(0, contacts.length - 1);
  const told = contacts.filter((_, index) => everything || index === sure || random.chance(0.35));
  const phones = told
    .filter(([kind]) => kind === 'phones')
    .map(([, phone]) => spellPhone(random, phone as string, person, home));
  const emails = told.filter(([kind]) => kind === 'emails').map(([, email]) => spellEmail(random, email as string));
  return {
    name: spellName(random, person),
    ...(person.account && (everything || random.chance(0.8)) && { accountId: person.account }),
    ...(phones.length > 0 && { phones }),
    ...(emails.length > 0 && { emails }),
    ...(random.chance(0.6) && { gender: person.gender }),
    ...(random.chance(0.7) && { region: person.region }),
  };
}

function spellPhone(random: Random, e164: string, person: Person, home: CultureName): string {
  const spellings = [e164, formatPhone(e164)];
  const known: Culture = cultures[home];
  return random.pick(person.culture === home ? [...spellings, ...known.national(e164)] : spellings);
}

const spellEmail = (random: Random, email: string) =>
  random.weighted({ plain: 80, capital: 12, blank: 8 }) === 'plain'
    ? email
    : random.pick([email.toUpperCase(), ` ${email[0]?.toUpperCase()}${email.slice(1)}`]);

/** Surname first, the first letter only, Latin letters: one person under several names (P-76). */
function spellName(random: Random, { name }: Person): string {
  const [given = '', surname = ''] = name.split(' ');
  const spelling = random.weighted({ plain: 70, turned: 14, short: 8, latin: 8 });
  if (spelling === 'turned') return `${surname} ${given}`;
  if (spelling === 'short') return `${given[0]}. ${surname}`;
  if (spelling === 'plain') return name;
  return latin(name)
    .split('.')
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join(' ');
}
