import type { Difference, Value } from '../history/changes.ts';
import type { Details, Phone } from './details.ts';

/** What can be changed, and chosen, by itself. */
export const PARTS = ['name', 'gender', 'region', 'phones', 'emails', 'otherChannels', 'note', 'tags'] as const;
export type Part = (typeof PARTS)[number];
type ListPart = 'phones' | 'emails' | 'tags';

export const isList = (part: Part): part is ListPart => part === 'phones' || part === 'emails' || part === 'tags';

export function differ(part: Part, a: Details, b: Details): boolean {
  const taken = (details: Details) => details.latest.some((field) => field === part);
  return taken(a) !== taken(b) || JSON.stringify(content(part, a)) !== JSON.stringify(content(part, b));
}

function content(part: Part, details: Details): unknown {
  if (part === 'phones') return details.phones.map(({ value, channels }) => [value, channels.toSorted()]);
  if (part === 'emails') return details.emails.map(({ value }) => value);
  return part === 'tags' ? details.tags.toSorted() : details[part];
}

/** For the history: names of tags instead of their ids, and each number with its channels. */
export function differences(before: Details, after: Details, tagNames: ReadonlyMap<string, string>): Difference[] {
  return PARTS.filter((part) => differ(part, before, after)).flatMap((part) => {
    const [from, to] = [readable(part, before, tagNames), readable(part, after, tagNames)];
    // "As the latest order has it" may say what was written here before.
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field: part, before: from, after: to }];
  });
}

export function readable(part: Part, details: Details, tagNames: ReadonlyMap<string, string>): Value {
  if (part === 'phones') return details.phones.map(({ value, channels }) => [value, ...channels].join(' '));
  if (part === 'emails') return details.emails.map(({ value }) => value);
  if (part === 'tags') return details.tags.map((id) => tagNames.get(id) ?? '').filter((name) => name !== '');
  return details[part] || null;
}

export type Pick = 'mine' | 'theirs' | 'both';

/** What somebody else has saved meanwhile, put together with what was typed here: part by part as it was picked. */
export function merged(mine: Details, theirs: Details, picks: ReadonlyMap<Part, Pick>): Details {
  const pick = (part: Part) => picks.get(part) ?? 'theirs';
  const of = <P extends Part>(part: P): Details[P] => (pick(part) === 'mine' ? mine : theirs)[part];
  const list = <P extends ListPart>(part: P): Details[P] =>
    pick(part) === 'both' ? together(part, mine, theirs) : of(part);
  return {
    name: of('name'),
    gender: of('gender'),
    region: of('region'),
    latest: [
      ...mine.latest.filter((field) => pick(field) === 'mine'),
      ...theirs.latest.filter((field) => pick(field) !== 'mine'),
    ],
    phones: list('phones'),
    emails: list('emails'),
    otherChannels: of('otherChannels'),
    note: of('note'),
    tags: list('tags'),
  };
}

/** Theirs, and what only mine has. */
function together<P extends ListPart>(part: P, mine: Details, theirs: Details): Details[P] {
  const key = (row: unknown) => (typeof row === 'string' ? row : (row as { value: string }).value);
  const rows: readonly unknown[] = theirs[part];
  const there = new Set(rows.map(key));
  const added = (mine[part] as readonly unknown[]).filter((row) => !there.has(key(row)));
  return [...rows, ...added] as unknown as Details[P];
}

/**
 * What was typed over `base`, put on what is there by now (`theirs`): what the form changed is changed, and whatever else has come or gone
 * since, by a merge, a split or a tag, stays come or gone.
 */
export function rebased(base: Details, mine: Details, theirs: Details): Details {
  const picks = new Map(
    PARTS.map((part) => [part, differ(part, base, mine) ? ('mine' as const) : ('theirs' as const)]),
  );
  const list = <Row extends { value: string }>(of: (details: Details) => readonly Row[]) =>
    rebasedList(of(base), of(mine), of(theirs), ({ value }) => value);
  return {
    ...merged(mine, theirs, picks),
    phones: rebasedPhones(
      base,
      list(({ phones }) => phones),
      theirs,
    ),
    emails: list(({ emails }) => emails),
    tags: rebasedList(base.tags, mine.tags, theirs.tags, (id) => id),
  };
}

/** In the order of the form; what came since is behind. */
function rebasedList<Row>(
  base: readonly Row[],
  mine: readonly Row[],
  theirs: readonly Row[],
  key: (row: Row) => string,
): Row[] {
  const [before, typed, there] = [base, mine, theirs].map((rows) => new Set(rows.map(key))) as Keys;
  return [
    ...mine.filter((row) => there.has(key(row)) || !before.has(key(row))),
    ...theirs.filter((row) => !typed.has(key(row)) && !before.has(key(row))),
  ];
}

type Keys = [Set<string>, Set<string>, Set<string>];

/** Channels that the form left as they were are those of now. */
const rebasedPhones = (base: Details, phones: readonly Phone[], theirs: Details): Phone[] =>
  phones.map((phone) => {
    const before = base.phones.find(({ value }) => value === phone.value);
    const there = theirs.phones.find(({ value }) => value === phone.value);
    const same = before?.channels.toSorted().join() === phone.channels.toSorted().join();
    return there && same ? there : phone;
  });

/**
 * What one would pick without thinking: the side that changed the part since the form was opened. Both did: of lists both
 * together; of a text nothing, a person has to say.
 */
export function proposal(part: Part, base: Details, mine: Details, theirs: Details): Pick | null {
  if (!differ(part, base, mine)) return 'theirs';
  if (!differ(part, base, theirs)) return 'mine';
  return isList(part) ? 'both' : null;
}
