import { type Named, wordsOf } from '../kernel/mention.ts';
import { nationalDigits } from '../kernel/phone.ts';
import { type Sql, sql } from './db.ts';

/** Whether the text may name the person, so that it is worth reading: the number in any spelling, the words also as addresses write them. */
export function mayName(text: Sql, named: Named): Sql {
  const digits = named.phones.map(nationalDigits);
  const words = wordsOf(named).flatMap((word) => [word, encodeURIComponent(word), formEncoded(word)]);
  return sql`(
    exists (select from unnest(${digits}::text[]) n
            where strpos(regexp_replace(normalize(${text}, nfkc), '[^0-9]', '', 'g'), n) > 0)
    or exists (select from unnest(${words.map((word) => word.toLowerCase())}::text[]) w where strpos(lower(${text}), w) > 0))`;
}

const formEncoded = (word: string) => new URLSearchParams({ q: word }).toString().slice(2);
