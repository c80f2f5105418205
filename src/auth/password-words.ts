import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fold } from '../kernel/text.ts';

/** Words of this product: whoever guesses tries them first. */
export const CONTEXT_WORDS: readonly string[] = [
  ...['clientele', 'customer', 'cabinet', 'marketplace', 'owner', 'manager', 'viewer', 'moderator', 'admin'],
  ...['клієнт', 'кабінет', 'маркетплейс', 'власник', 'менеджер', 'модератор', 'адмін', 'пароль', 'password'],
];

/** Signs that must be left of a password when all words that one could guess are taken out of it. */
export const LEFT = 6;

/** Whether it is one of the passwords that most people use, as leaks have shown. Capitals make it no other. */
export const isCommon = (password: string): boolean => commonPasswords().has(password.toLowerCase());

/** Whether little is left of it without the words of this product, and those of the person: names, address, company. */
export function isGuessable(password: string, own: readonly string[]): boolean {
  const words = [...CONTEXT_WORDS, ...own.flatMap(wordsOf)].sort((a, b) => b.length - a.length);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), fold(password));
  return rest.length < LEFT;
}

/** Short ones are left alone: they stand inside too many others. */
const wordsOf = (text: string): string[] =>
  fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length >= 4);

let known: ReadonlySet<string> | null = null;

function commonPasswords(): ReadonlySet<string> {
  known ??= new Set(JSON.parse(readFileSync(LIST, 'utf8')) as string[]);
  return known;
}

const LIST = createRequire(import.meta.url).resolve('@zxcvbn-ts/language-common/src/passwords.json');
