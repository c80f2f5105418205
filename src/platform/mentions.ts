import { lastDigits, type Named, wordsOf } from '../kernel/mention.ts';
import { type Sql, sql } from './db.ts';

/**
 * Whether the text may name the person, so that it is worth reading: a number in any spelling, the words also as addresses and JSON write
 * them. It costs microseconds for each row and no index helps: to be asked of batches, never of a whole table at once.
 */
export function mayName(text: Sql, named: Named): Sql {
  const digits = named.phones.map(lastDigits);
  const words = wordsOf(named).flatMap((word) => [word, encodeURIComponent(word), formEncoded(word), inJson(word)]);
  // Each form of the text is made once, not once for each word ("offset 0").
  return sql`(
    exists (select from (select lower(${text}) as text offset 0) l, unnest(${words.map((word) => word.toLowerCase())}::text[]) w
            where strpos(l.text, w) > 0)
    or exists (select from (select regexp_replace(normalize(${text}, nfkc), '[^0-9]', '', 'g') as digits offset 0) d, unnest(${digits}::text[]) n
               where strpos(d.digits, n) > 0))`;
}

const formEncoded = (word: string) => new URLSearchParams({ q: word }).toString().slice(2);
const inJson = (word: string) => JSON.stringify(word).slice(1, -1);
