import { fold } from '../kernel/text.ts';
import { OBSCENE } from './words.ts';

/** What a text holds that a review should not. A hint: it is the moderator who decides. */
export const MARKS = ['link', 'email', 'card', 'phone', 'address', 'obscene'] as const;
export type Mark = (typeof MARKS)[number];

/** A piece of the text, in its order; together they are the whole text. */
export interface Piece {
  text: string;
  mark: Mark | null;
}

/** Cuts the text at what is marked. Where two marks meet, the one that stands earlier in `MARKS` wins (P-88). */
export function pieces(text: string): Piece[] {
  const found = MARKS.flatMap((mark) => FINDERS[mark](text).map((span) => ({ ...span, mark })));
  const kept: (Span & { mark: Mark })[] = [];
  for (const span of found) if (!kept.some((each) => span.from < each.to && each.from < span.to)) kept.push(span);
  kept.sort((one, other) => one.from - other.from);
  const cut: Piece[] = [];
  let at = 0;
  for (const { from, to, mark } of kept) {
    if (from > at) cut.push({ text: text.slice(at, from), mark: null });
    cut.push({ text: text.slice(from, to), mark });
    at = to;
  }
  if (at < text.length) cut.push({ text: text.slice(at), mark: null });
  return cut;
}

/** Which marks a text has, each once, in the order of `MARKS`. */
export const marksOf = (text: string): Mark[] => marksIn(pieces(text));

/** The same of a text that is cut already. */
export function marksIn(cut: readonly Piece[]): Mark[] {
  const there = new Set(cut.map(({ mark }) => mark));
  return MARKS.filter((mark) => there.has(mark));
}

interface Span {
  from: number;
  to: number;
}

const FINDERS: Record<Mark, (text: string) => Span[]> = {
  link: (text) => spans(text, LINK),
  email: (text) => spans(text, EMAIL),
  card: (text) => spans(text, DIGITS).filter((span) => isCard(digitsIn(text, span))),
  phone: (text) => spans(text, DIGITS).filter((span) => isPhone(text.slice(span.from, span.to))),
  address: (text) => spans(text, ADDRESS),
  obscene: (text) => spans(text, WORD).filter(({ from, to }) => isObscene(text.slice(from, to))),
};

const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"]*[\p{L}\p{N}/]|\b(?:t|wa|viber)\.me\/[^\s<>"]+|(?<![@\p{L}\p{N}.-])[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.(?:com|net|org|info|biz|online|shop|store|site|top|xyz|ua|укр|ru|рф|io|me|de|pl)(?![\p{L}\p{N}])(?:\/[^\s<>"]*)?|(?<![\p{L}\p{N}.@])@[a-z]\w{4,}/giu;
const EMAIL = /[^\s@<>(),;:"]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
const DIGITS = /(?<![\p{L}\p{N}])\+?\d(?:[\s().\-–/]{0,3}\d){6,18}(?![\p{L}\p{N}])/gu;
// Two parts that stand side by side never match the same sign, and nothing repeats without end: texts are made to be slow.
const ADDRESS =
  /(?<!\p{L})(?:(?:вул|просп|пров|бульв|пл|ул|пер|наб)\.|вулиц[яіюею]{1,2}|(?:проспект|провул|бульвар|переул)\p{L}{0,6}|улиц[аеуы])\s{0,3}\p{L}[\p{L}’'\-.]{0,39}(?:\s{1,3}[\p{L}’'\-.]{1,40}){0,4},?\s{0,3}(?:(?:буд|дом|д)\.?\s{0,3})?\d{1,5}|(?<![\p{L}\p{N}])\d{1,4}\s{1,3}\p{Lu}\p{L}{1,40}\s{1,3}(?:street|st\.|avenue|road|lane|square)|(?<!\p{L})\p{Lu}\p{L}{1,40}\s{1,3}(?:street|avenue|road|lane|square)\s{1,3}\d{1,5}|(?<!\p{L})(?:кв|квартира|apt)\.?\s{0,3}(?:№\s{0,3})?\d{1,5}/giu;
const WORD = /[\p{L}\p{M}\p{N}@$*]+/gu;

const spans = (text: string, pattern: RegExp): Span[] =>
  [...text.matchAll(pattern)].map(({ 0: { length }, index }) => ({ from: index, to: index + length }));

const digitsIn = (text: string, { from, to }: Span) => text.slice(from, to).replace(/\D/g, '');

/** Between 9 and 15 digits, or fewer where somebody wrote them as a number: sums and dates are shorter or look otherwise. */
function isPhone(given: string): boolean {
  const digits = given.replace(/\D/g, '');
  if (/^\d{4}[-.]\d{2}[-.]\d{2}(?!\d)|^\d{1,2}[-./]\d{1,2}[-./]\d{4}(?!\d)/.test(given)) return false;
  if (given.startsWith('+') || /^0\d/.test(digits)) return digits.length >= 7 && digits.length <= 15;
  return digits.length >= 9 && digits.length <= 15;
}

/** Luhn's check, which every payment card passes and one number in ten by chance. */
function isCard(digits: string): boolean {
  if (digits.length < 15 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const RULES = Object.values(OBSCENE)
  .flat()
  .map((word) => ({ begins: word.endsWith('*'), word: plainWord(word.replace('*', '')) }));

function isObscene(word: string): boolean {
  const plain = plainWord(word);
  // One Cyrillic letter, and the Latin ones beside it are there to hide the word.
  const cyrillic = /\p{Script=Cyrillic}/u.test(plain)
    ? plain.replace(/[a-z]/g, (letter) => TWINS[letter] ?? letter)
    : plain;
  return RULES.some((rule) => (rule.begins ? cyrillic.startsWith(rule.word) : cyrillic === rule.word));
}

/** In lower case, without the repeated letters and the signs that hide a word from a list. */
function plainWord(word: string): string {
  return fold(word)
    .replaceAll('ё', 'е')
    .replace(/[@$0*]/g, (sign) => SIGNS[sign] ?? '')
    .replace(/(.)\1{2,}/gu, '$1');
}

const SIGNS: Record<string, string> = { '@': 'a', $: 's', '0': 'o' };
// Latin letters that pass for Cyrillic ones.
const TWINS: Record<string, string> = {
  a: 'а',
  b: 'в',
  c: 'с',
  e: 'е',
  h: 'н',
  i: 'і',
  k: 'к',
  m: 'м',
  o: 'о',
  p: 'р',
  t: 'т',
  x: 'х',
  y: 'у',
};
