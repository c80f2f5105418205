import { parseEmail } from '../kernel/email.ts';
import { parsePhone } from '../kernel/phone.ts';
import { fold } from '../kernel/text.ts';
import { isDay } from '../kernel/time.ts';

/** What is wrong with a value; the words are `imports.problem.<code>`. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
  /** the piece of the cell that it is about */
  readonly given: string;

  constructor(code: 'phone' | 'email' | 'account' | 'scientific' | 'gender' | 'consent' | 'consentDay', given: string) {
    super(code);
    this.given = given.slice(0, 200);
  }
}

/**
 * The numbers of a cell as E.164: one, or several between commas, semicolons, bars or line breaks, also slashes where each part is
 * a number. Throws ValueError for what is no number; nothing is guessed.
 */
export function readPhones(cell: string, country: string): string[] {
  const whole = cell.trim();
  const one = phone(whole, country);
  if (one !== null) return [one];
  const listed = pieces(whole, /[,;|\r\n]+/);
  const parts = listed.length > 1 ? listed : pieces(whole, /\//);
  return parts.map((part) => {
    const number = phone(part, country);
    if (number === null) throw new ValueError('phone', part);
    return number;
  });
}

function phone(given: string, country: string): string | null {
  const text = wholeNumber(given.replace(/^'/, ''));
  return parsePhone(text, country)?.e164 ?? null;
}

/** Addresses, lower-cased: one, or several between commas, semicolons or blanks. */
export function readEmails(cell: string): string[] {
  return pieces(cell, /[,;\s]+/).map((given) => {
    const email = parseEmail(given.replace(/^mailto:/i, ''));
    if (email === null) throw new ValueError('email', given);
    return email;
  });
}

const LONGEST_ACCOUNT = 255;

/** Account ids: one, or several between commas or line breaks. In double quotes one may hold anything, as our own export writes it. */
export function readAccounts(cell: string): string[] {
  return splitQuoted(cell).map(({ text, quoted }) => {
    const account = quoted ? text.trim() : wholeNumber(text);
    if (account === '' || account.length > LONGEST_ACCOUNT) throw new ValueError('account', text);
    return account;
  });
}

/** Programs write whole numbers as `17850.0`. One like `3.80501E+11` has lost its end for good: throws ValueError. */
function wholeNumber(given: string): string {
  const text = given.trim();
  if (/^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i.test(text)) throw new ValueError('scientific', text);
  return text.replace(/^(\+?\d+)[.,]0+$/, '$1');
}

interface Piece {
  text: string;
  quoted: boolean;
}

function splitQuoted(cell: string): Piece[] {
  const found = cell.match(/\s*"(?:[^"]|"")*"\s*(?=[,\r\n]|$)|[^,\r\n]+/g) ?? [];
  return found
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece) =>
      /^"(?:[^"]|"")*"$/.test(piece)
        ? { text: piece.slice(1, -1).replaceAll('""', '"'), quoted: true }
        : { text: piece, quoted: false },
    );
}

/** Labels between commas, semicolons, bars or line breaks, each once. */
export function readTags(cell: string): string[] {
  const named = pieces(cell, /[,;|\r\n]+/).map((tag) => [fold(tag), tag] as const);
  return [...new Map([...named].reverse()).values()].reverse();
}

/** null: the cell says that it is not known. Throws ValueError for a word that says neither. */
export function readGender(cell: string): 'female' | 'male' | null {
  const word = fold(cell).replace(/\.$/, '');
  if (UNKNOWN.has(word)) return null;
  if (FEMALE.has(word)) return 'female';
  if (MALE.has(word)) return 'male';
  throw new ValueError('gender', cell.trim());
}

const set = (list: string) => new Set(list.split(', '));
const UNKNOWN = new Set([
  ...set(
    '-, –, —, ?, n/a, na, none, unknown, not known, u, не вказано, невідомо, не указан, не указано, неизвестно, unbekannt, keine angabe, k.a, nieznana, nie podano, brak, неизвестен',
  ),
  '',
]);
const FEMALE = set(
  'female, f, woman, women, girl, mrs, ms, miss, жіноча, жіночий, жінка, жін, ж, женский, женщина, жен, жена, дама, weiblich, w, frau, kobieta, k, żeńska, pani',
);
const MALE = set(
  'male, m, man, men, boy, mr, чоловіча, чоловічий, чоловік, чол, ч, мужской, мужчина, муж, м, мъж, мъжки, мъжe, männlich, mann, herr, mężczyzna, męska, pan',
);

const YES = set(
  'yes, y, true, 1, +, on, x, ok, agreed, granted, subscribed, opted in, так, т, є, згоден, згодна, надано, да, д, есть, согласен, согласна, ja, j, tak, t, ✓, ✔',
);
const NO = set(
  'no, n, false, 0, -, off, refused, unsubscribed, opted out, ні, н, немає, відмова, відмовився, відмовилася, нет, отказ, не, nein, nie, ✗, ✘',
);

/** Throws ValueError for a word that says neither. */
export function readConsent(cell: string): boolean {
  const word = fold(cell).replace(/\.$/, '');
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw new ValueError('consent', cell.trim());
}

/** `2026-11-20`, `20.11.2026`, also with a time behind, as YYYY-MM-DD. Slashes say not which of two is the month: throws ValueError. */
export function readConsentDay(cell: string): string {
  const text = cell.trim();
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\D.*)?$/.exec(text) ?? [];
  const iso = year
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : /^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$/.exec(text)?.[1];
  if (iso === undefined || !isDay(iso) || iso < '2000') throw new ValueError('consentDay', text);
  return iso;
}

const pieces = (text: string, separator: RegExp): string[] =>
  text
    .split(separator)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
