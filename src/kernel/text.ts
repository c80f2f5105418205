// Normalising sorts the accents of a letter in quadratic time: half a minute for 300 kB of nothing else. Thirty on one
// letter are more than any language has (UAX #15 calls that stream-safe). Two half-width kana signs become accents too.
const TOO_MANY_ACCENTS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu;

/**
 * The form in which texts are searched and names sorted: compatibility forms unified (full-width letters, ligatures),
 * lower case, trimmed, inner white space one blank. Takes any string, in linear time; folding twice changes nothing.
 */
export function fold(text: string): string {
  // Lower-casing can leave a letter and its accent apart (İ), hence the second round.
  return unify(unify(text).toLowerCase()).replace(/\s+/g, ' ').trim();
}

/** Whether PostgreSQL can store the text and UTF-8 can carry it: no NUL, no half of a surrogate pair. */
export function isCleanText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

function unify(text: string): string {
  return text.replace(TOO_MANY_ACCENTS, '$1').normalize('NFKC').replace(TOO_MANY_ACCENTS, '$1');
}
