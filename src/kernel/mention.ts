import { nationalDigits, parsePhone } from './phone.ts';

/** What names a person. */
export interface Named {
  /** E.164 */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly accounts: readonly string[];
  readonly names: readonly string[];
}

const LIKE_A_NUMBER = /[+＋(]?[\p{Nd}][\p{Nd}\s\p{Pd}−().（）/]*[\p{Nd}]/gu;

/** Whether the number stands in the text, however it was written, alone or among words. */
export function namesNumber(text: string, phone: string, country: string): boolean {
  const read = (part: string) => parsePhone(part, country)?.e164 === phone;
  if (read(text) || text.split(/[,;\n]/).some(read)) return true;
  return (text.match(LIKE_A_NUMBER) ?? []).some((part) => isNumber(part, phone, country));
}

function isNumber(part: string, phone: string, country: string): boolean {
  if (parsePhone(part, country)?.e164 === phone) return true;
  const spellings = [phone.replace(/\D/g, ''), nationalDigits(phone)];
  return spellings.includes(part.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, ''));
}

/** The text without what names the person: each place is left as "…". */
export function withoutNamed(text: string, named: Named, country: string): string {
  const words = wordsOf(named).reduce((left, word) => left.replaceAll(anyCase(word), '…'), text);
  return words.replace(LIKE_A_NUMBER, (part) =>
    named.phones.some((phone) => isNumber(part, phone, country)) ? '…' : part,
  );
}

const anyCase = (word: string) => new RegExp(word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');

export const isNamed = (text: string, named: Named, country: string): boolean =>
  withoutNamed(text, named, country) !== text || named.phones.some((phone) => namesNumber(text, phone, country));

// "Anna" and "7" are many people's; what is this short is looked for only where it is all that stands there.
const SHORT = 6;

/** What is looked for anywhere in a text, as people would write it. */
export const wordsOf = ({ emails, accounts, names }: Named): string[] => [
  ...emails,
  ...accounts.filter((account) => account.length > SHORT),
  ...names.map((name) => name.trim()).filter((name) => name.length > SHORT || /\S\s+\S/.test(name)),
];

/** Of addresses (`q=…&where=…`): the same inside what was typed. */
export function queryWithoutNamed(query: string, named: Named, country: string): string {
  const params = [...new URLSearchParams(query)];
  const left = params.map(([name, value]): [string, string] => [name, typedWithout(name, value, named, country)]);
  return left.every(([, value], at) => value === params[at]?.[1]) ? query : new URLSearchParams(left).toString();
}

function typedWithout(name: string, value: string, named: Named, country: string): string {
  if (!isNamed(readable(value), named, country)) return value;
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
