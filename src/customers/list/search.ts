import { phoneDigits } from '../../kernel/phone.ts';
import { fold } from '../../kernel/text.ts';
import type { Search } from './sql.ts';

/**
 * What is typed in the search box, as patterns over a customer's search text, where every word follows a blank and phones are
 * digits (P-50, P-51). A phone in any spelling is looked for as a whole; of anything else every word must be there: one or two
 * letters as the beginning of a word, more anywhere. Signs by themselves are not looked for. null: nothing was typed.
 */
export function readSearch(q: string): Search | null {
  const number = q.trim().replace(/^[#№]\s*/u, '');
  if (number === '') return null;
  const digits = phoneDigits(q);
  if (digits.length > 0) return { words: [], alternatives: digits.map(anywhere), number };
  const words = fold(q)
    .split(' ')
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return { words: words.map(pattern), alternatives: [], number };
}

/** There is something to look for in the search texts; without it only an order of that very number finds its customer. */
export const hasPattern = ({ words, alternatives }: Search) => words.length > 0 || alternatives.length > 0;

/** Very many customers may match: only the beginnings of words were typed. */
export function isBroad({ words }: Search): boolean {
  return words.length > 0 && words.every((word) => word.startsWith('% '));
}

/** Few customers can match: most of a phone was typed, or an e-mail with the name before its @. */
export function isNarrow({ words, alternatives }: Search): boolean {
  if (words.length > 0) return words.some((word) => /^%[^%@]{4,}@/.test(word));
  return alternatives.length > 0 && alternatives.every((digits) => digits.length >= '%1234567%'.length);
}

function pattern(word: string): string {
  // A phone among other words: without its plus and its leading zeros.
  const text = phoneDigits(word).at(-1) ?? word;
  return [...text].length > 2 ? anywhere(text) : `% ${escaped(text)}%`;
}

const anywhere = (text: string) => `%${escaped(text)}%`;

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');
