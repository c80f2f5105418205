import { nationalDigits, parsePhone } from './phone.ts';

/** What names a person. Contacts decide: a name is many people's, and means this one only beside a contact of theirs. */
export interface Named {
  /** E.164 */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly accounts: readonly string[];
  readonly names: readonly string[];
  /** whole texts that are known to be about this person alone: in them a name needs no contact beside it */
  readonly texts?: readonly string[];
}

const LIKE_A_NUMBER = /[+＋(]?[\p{Nd}][\p{Nd}\s\p{Pd}−().（）/]*[\p{Nd}]/gu;

/** Whether the number stands in the text, however it was written, alone or among words. */
export function namesNumber(text: string, phone: string, country: string): boolean {
  if (!hasDigits(text, phone)) return false;
  const read = (part: string) => parsePhone(part, country)?.e164 === phone;
  if (read(text) || text.split(/[,;\n]/).some(read)) return true;
  return (text.match(LIKE_A_NUMBER) ?? []).some((part) => isNumber(part, phone, country));
}

/** Stand one after the other, whatever is between them, in everything that is read as the number: what differs from country to country is in front. */
export const lastDigits = (phone: string): string => nationalDigits(phone).slice(-6);

/** Cheap, and never wrong where it says no. */
function hasDigits(text: string, phone: string): boolean {
  const plain = text.normalize('NFKC');
  return /(?![0-9])\p{Nd}/u.test(plain) || plain.replace(/[^0-9]/g, '').includes(lastDigits(phone));
}

function isNumber(part: string, phone: string, country: string): boolean {
  if (parsePhone(part, country)?.e164 === phone) return true;
  const spellings = [phone.replace(/\D/g, ''), nationalDigits(phone)];
  return spellings.includes(part.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, ''));
}

/**
 * The text without what names the person: each place is left as "…". Names go only beside a contact of the person; `known`: one stands
 * beside this text.
 */
export function withoutNamed(text: string, named: Named, country: string, known = false): string {
  const left = withoutContacts(text, named, country);
  if (!known && left === text && !named.texts?.includes(text)) return text;
  return named.names.reduce((rest, name) => without(rest, name, nameIn), left);
}

function withoutContacts(text: string, { phones, emails, accounts }: Named, country: string): string {
  const fewer = emails.reduce((rest, email) => without(rest, email, emailIn), text);
  const fewest = accounts.filter(isTelling).reduce((rest, account) => without(rest, account, accountIn), fewer);
  const theirs = phones.filter((phone) => hasDigits(fewest, phone));
  if (theirs.length === 0) return fewest;
  return fewest.replace(LIKE_A_NUMBER, (part) => (theirs.some((phone) => isNumber(part, phone, country)) ? '…' : part));
}

function without(text: string, word: string, pattern: (word: string) => RegExp): string {
  const wanted = word.trim();
  // Long files are looked through: most cells need no pattern.
  const begin = wanted.split(/\s/, 1)[0]?.toLowerCase() ?? '';
  return begin === '' || !text.toLowerCase().includes(begin) ? text : text.replace(pattern(wanted), '…');
}

const escaped = (word: string) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The word, where neither of these stands before or after it. */
const apart = (before: string, word: string, after: string) => new RegExp(`(?<!${before})${word}(?!${after})`, 'giu');

const emailIn = (email: string) =>
  apart(String.raw`[\p{L}\p{N}._%+\-]`, escaped(email), String.raw`[\p{L}\p{N}_@\-]|\.[\p{L}\p{N}]`);

/** One of digits alone is looked for as a whole number: a part of a phone is nobody's account. */
const accountIn = (account: string) =>
  /^\p{Nd}+$/u.test(account)
    ? apart(
        String.raw`[\p{L}\p{N}\p{Pd}_@.+/#(]|\p{N}[\s\p{Pd}()]+`,
        account,
        String.raw`[\p{L}\p{N}\p{Pd}_@/#)]|[\s\p{Pd}()]+\p{N}|\.\p{N}`,
      )
    : apart(
        String.raw`[\p{L}\p{N}_.+/#\-]|[\p{L}\p{N}._+\-]@`,
        escaped(account),
        String.raw`[\p{L}\p{N}_@/#\-]|\.[\p{L}\p{N}]`,
      );

/** "Anna" is in neither "Joanna" nor "Anna-Maria". */
const nameIn = (name: string) =>
  apart(
    String.raw`[\p{L}\p{N}\p{M}_]|[\p{L}\p{N}\p{M}][\-'’]`,
    name.split(/\s+/).map(escaped).join(String.raw`\s+`),
    String.raw`[\p{L}\p{N}\p{M}_]|[\-'’][\p{L}\p{N}]`,
  );

/** Whether a contact of the person stands in it. */
export const isNamed = (text: string, named: Named, country: string): boolean =>
  withoutContacts(text, named, country) !== text || named.phones.some((phone) => namesNumber(text, phone, country));

/** The same of a row; what is too short to tell anything alone is their account where it fills a cell and their name another one. */
export function isNamedIn(cells: readonly string[], named: Named, country: string): boolean {
  if (cells.some((cell) => isNamed(cell, named, country))) return true;
  const is = (cell: string, words: readonly string[]) => words.some((word) => alike(word) === alike(cell));
  const short = named.accounts.filter((account) => !isTelling(account));
  return cells.some((cell) => is(cell, short)) && cells.some((cell) => is(cell, named.names));
}

const alike = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();

// "7" is many things.
const SHORT = 6;
const isTelling = (account: string) => account.trim().length > SHORT;

/** One of these, or the digits of a phone, stands in every text in which the person can be named. */
export const wordsOf = ({ emails, accounts, texts = [] }: Named): string[] => [
  ...emails,
  ...accounts.map((account) => (isTelling(account) ? account.trim() : `"${account.trim()}"`)),
  ...texts,
];

/** Of addresses (`q=…&where=…`): the same inside what was typed. */
export function queryWithoutNamed(query: string, named: Named, country: string, known = false): string {
  const params = [...new URLSearchParams(query)];
  const beside = known || params.some(([, value]) => isNamed(readable(value), named, country));
  if (!beside) return query;
  const left = params.map(([name, value]): [string, string] => [name, typedWithout(name, value, named, country)]);
  return left.every(([, value], at) => value === params[at]?.[1]) ? query : new URLSearchParams(left).toString();
}

function typedWithout(name: string, value: string, named: Named, country: string): string {
  const typed = readable(value);
  if (!isNamed(typed, named, country) && withoutNamed(typed, named, country, true) === typed) return value;
  const condition = name === 'where' ? /^[^:]*:[^:]*:/.exec(value) : null;
  return condition ? `${condition[0]}${encodeURIComponent('…')}` : '…';
}

/** Values of conditions are percent-encoded once more. */
function readable(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
