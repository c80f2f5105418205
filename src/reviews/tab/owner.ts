import { fold } from '../../kernel/text.ts';

/** Someone in the eyes of a company: keys of name words (`n:…`) and of e-mails (`e:…`), which the shared tables may hold. */
export type KnownAs = readonly string[];

/** What orders and messages of a number said, each time, of who is behind it. */
export interface Known {
  kind: 'name' | 'email';
  value: string;
  /** when it was said last */
  last: Date;
}

/** Who was known before the dealing that a review tells of says nothing about it: the number may have changed hands in between. */
export const knownSince = (known: readonly Known[], dealtAt: Date): Known[] =>
  known.filter(({ last }) => last >= dealtAt);

/** `keyed`: the portal's keyed hash. Words of one letter are initials, and say nothing. */
export function knownAs(
  known: readonly { kind: 'name' | 'email'; value: string }[],
  keyed: (text: string) => string,
): string[] {
  const keys = known.flatMap(({ kind, value }) =>
    kind === 'email' ? [`e:${keyed(`email ${value}`)}`] : wordsOf(value).map((word) => `n:${keyed(`name ${word}`)}`),
  );
  return [...new Set(keys)].sort();
}

const wordsOf = (name: string) =>
  (fold(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).filter((word) => [...word].length > 1);

const SILENCE = 365 * 86_400_000;

/**
 * Whether a review may be about a former owner of the number: after the dealing it tells of, the number was silent for a year,
 * as far as is known here (`signs`: moments at which it was in use, in any order), or name and e-mails around it are entirely
 * different, where both are known on both sides (`here`: from the dealing on).
 */
export function mayBeFormer(
  review: { dealtAt: Date; knownAs: KnownAs },
  signs: readonly Date[],
  here: KnownAs,
): boolean {
  return fellSilent(review.dealtAt, signs) || isAnother(review.knownAs, here);
}

function fellSilent(dealtAt: Date, signs: readonly Date[]): boolean {
  const later = signs.map((at) => at.getTime()).filter((at) => at > dealtAt.getTime());
  let last = dealtAt.getTime();
  for (const at of later.sort((a, b) => a - b)) {
    if (at - last >= SILENCE) return true;
    last = at;
  }
  return false;
}

function isAnother(there: KnownAs, here: KnownAs): boolean {
  return (['n:', 'e:'] as const).every((kind) => {
    const [ours, theirs] = [here, there].map((keys) => keys.filter((key) => key.startsWith(kind))) as [
      string[],
      string[],
    ];
    return ours.length > 0 && theirs.length > 0 && !theirs.some((key) => ours.includes(key));
  });
}
