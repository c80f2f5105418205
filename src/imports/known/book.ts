import { hash } from 'node:crypto';
import type { ContactKind } from '../../customers/customers.ts';
import { fold } from '../../kernel/text.ts';
import type { Outcome } from '../sql.ts';
import type { Problem, Understood } from '../understand.ts';
import type { FaceRow, OwnerRow } from './sql.ts';

/** What will become of a row, or becomes of it now. */
export interface Foreseen {
  outcome: Outcome;
  /** customers that are there already and that its contacts belong to, the strongest first */
  owners: string[];
  /** what the customer gets besides the proof */
  note: string | null;
  channels: string | null;
  tags: string[];
  /** why it is refused, or what of it was not taken */
  problems: Problem[];
}

/** What is stored of contacts and customers that the next rows name. */
export interface Learned {
  owners: readonly OwnerRow[];
  faces: readonly FaceRow[];
  /** pairs of customers whom people keep apart */
  apart: readonly (readonly [string, string])[];
}

/** Where a row belongs whatever its contacts say: the customer it came to in an earlier file, or to whom a person moved one like it. */
export interface Home {
  came?: string | undefined;
  moved?: string | undefined;
}

interface Face extends Omit<FaceRow, 'id' | 'tags'> {
  ids: string[];
  /** null: none, as of most; a set for each of a long file takes much room */
  tags: Set<string> | null;
}

/**
 * Foretells what rows do, one after another: like identity itself it joins customers by their contacts, and knows what the rows
 * before brought. Holds two numbers for a contact and one for a row, so that a long file fits.
 */
export function openBook(policy: 'automatic' | 'ask', tagNames: Iterable<string>, mostTags: number) {
  const owners = new Map<number, number>();
  const customers = new Map<string, number>();
  const shared = new Set<number>();
  const seen = new Set<number>();
  const apart = openApart();
  const parents: number[] = [];
  const faces: Face[] = [];
  const tags = new Set(tagNames);

  const root = (at: number): number => {
    let top = at;
    while (parents[top] !== top) top = parents[top] as number;
    parents[at] = top;
    return top;
  };
  const add = (face: Face): number => {
    parents.push(faces.length);
    return faces.push(face) - 1;
  };

  return {
    /** Whether this customer's face is wanted still. */
    lacks: (customerId: string) => !customers.has(customerId),
    learn(known: Learned): void {
      for (const { id, tags, ...face } of known.faces) {
        if (!customers.has(id))
          customers.set(id, add({ ...face, ids: [id], tags: tags.length > 0 ? new Set(tags) : null }));
      }
      for (const row of known.owners) {
        const key = keyOf(row.kind, row.value);
        if (row.shared) shared.add(key);
        const at = customers.get(row.customer_id);
        if (at !== undefined && !owners.has(key)) owners.set(key, at);
      }
      for (const [one, other] of known.apart) {
        const [a, b] = [customers.get(one), customers.get(other)];
        if (a !== undefined && b !== undefined) apart.add(root(a), root(b));
      }
    },
    foresee(row: Understood, { came, moved }: Home): Foreseen {
      const home = customers.get(came ?? moved ?? '');
      const keys = keysOf(row).filter((key) => !shared.has(key));
      if (keys.length === 0 && home === undefined) return refused([{ code: 'shared', column: null }]);
      const fresh = new Set(row.tags.map(fold).filter((tag) => !tags.has(tag)));
      if (tags.size + fresh.size > mostTags) return refused([{ code: 'tooManyTags', column: null, most: mostTags }]);
      for (const tag of fresh) tags.add(tag);
      const mark = hashOf(row.proof);
      const isOld = came !== undefined || seen.has(mark);
      seen.add(mark);
      const met = home === undefined ? [...new Set(keys.flatMap((key) => roots(key)))] : [root(home)];
      const [strongest] = met;
      if (strongest === undefined) return born(keys, row);
      // One after another: whoever is joined brings along from whom it is kept apart.
      const joined = policy === 'automatic' && !isOld ? met.slice(1).filter((other) => join(strongest, other)) : [];
      const news = isOld ? [] : keys.filter((key) => !owners.has(key));
      for (const key of news) owners.set(key, strongest);
      return foreseen(faces[strongest] as Face, row, { isOld, isMerged: joined.length > 0, isNews: news.length > 0 });
    },
  };

  function roots(key: number): number[] {
    const at = owners.get(key);
    return at === undefined ? [] : [root(at)];
  }

  function born(keys: number[], row: Understood): Foreseen {
    const face: Face = {
      ids: [],
      ...{ name: '', gender: null, region: null, noted: '', reachable: '', tags: null },
      ...{ name_held: false, gender_held: false, region_held: false },
    };
    const at = add(face);
    for (const key of keys) owners.set(key, at);
    const { owners: _, ...taken } = foreseen(face, row, { isOld: false, isMerged: false, isNews: true });
    return { ...taken, owners: [], outcome: 'created' };
  }

  /** false: people keep them apart */
  function join(to: number, from: number): boolean {
    if (apart.has(to, from)) return false;
    apart.follow(from, to);
    const [into, out] = [faces[to] as Face, faces[from] as Face];
    parents[from] = to;
    into.ids.push(...out.ids);
    addTags(into, out.tags ?? []);
    for (const part of ['name', 'gender', 'region'] as const) {
      const held = `${part}_held` as const;
      if (!into[part] || (out[held] && !into[held])) into[part] = out[part] as string;
      into[held] ||= out[held];
    }
    into.noted ||= out.noted;
    into.reachable ||= out.reachable;
    return true;
  }
}

export type Book = ReturnType<typeof openBook>;

function openApart() {
  const apart = new Map<number, Set<number>>();
  const of = (at: number) => {
    const known = apart.get(at) ?? new Set<number>();
    apart.set(at, known);
    return known;
  };
  const add = (a: number, b: number) => {
    of(a).add(b);
    of(b).add(a);
  };
  return {
    add,
    has: (a: number, b: number) => apart.get(a)?.has(b) ?? false,
    /** Who is joined hands on from whom it is kept apart. */
    follow(from: number, to: number): void {
      for (const each of apart.get(from) ?? []) add(to, each);
    },
  };
}

interface News {
  /** the very same row came before: what it says of the person is known */
  isOld: boolean;
  isMerged: boolean;
  /** it proves a contact */
  isNews: boolean;
}

function foreseen(face: Face, row: Understood, { isOld, isMerged, isNews }: News): Foreseen {
  const said = !isOld && takeFields(face, row);
  const added = row.tags.filter((tag) => !face.tags?.has(fold(tag)));
  addTags(face, added.map(fold));
  const note = takeText(face, 'noted', row.note);
  const channels = takeText(face, 'reachable', row.channels);
  const problems: Problem[] = [
    ...(note === 'kept' ? [{ code: 'noteKept', column: null }] : []),
    ...(channels === 'kept' ? [{ code: 'channelsKept', column: null }] : []),
  ];
  const changed = isNews || said || added.length > 0 || note === 'new' || channels === 'new';
  const outcome = isMerged ? 'merged' : changed ? 'updated' : 'unchanged';
  const taken = { note: note === 'new' ? row.note : null, channels: channels === 'new' ? row.channels : null };
  return { outcome, owners: [...face.ids], ...taken, tags: added, problems };
}

function addTags(face: Face, tags: Iterable<string>): void {
  for (const tag of tags) {
    face.tags ??= new Set();
    face.tags.add(tag);
  }
}

/** Whether the row says of the person what was not known. */
function takeFields(face: Face, row: Understood): boolean {
  let changed = false;
  for (const part of ['name', 'gender', 'region'] as const) {
    const said = row[part];
    if (said === null || face[`${part}_held`] || said === face[part]) continue;
    face[part] = said;
    changed = true;
  }
  return changed;
}

/** What a customer has is kept; the same text again is nothing new. */
function takeText(face: Face, part: 'noted' | 'reachable', text: string): 'new' | 'kept' | 'same' {
  if (text === '') return 'same';
  const mark = hash('md5', text, 'hex');
  if (face[part] !== '') return face[part] === mark ? 'same' : 'kept';
  face[part] = mark;
  return 'new';
}

const refused = (problems: Problem[]): Foreseen => ({
  outcome: 'refused',
  owners: [],
  note: null,
  channels: null,
  tags: [],
  problems,
});

/** The strongest first, as identity has it. */
export const contactsOf = ({ accounts, phones, emails }: Understood): { kind: ContactKind; value: string }[] => [
  ...accounts.map((value) => ({ kind: 'account' as const, value })),
  ...phones.map((value) => ({ kind: 'phone' as const, value })),
  ...emails.map((value) => ({ kind: 'email' as const, value })),
];

const keysOf = (row: Understood): number[] => contactsOf(row).map(({ kind, value }) => keyOf(kind, value));

const keyOf = (kind: ContactKind, value: string): number => hashOf(`${kind} ${value}`);

/** 52 bits of a hash: a number that fits where a text would take ten times the room. Two of half a million are alike once in 35,000 files. */
const hashOf = (text: string): number => Number.parseInt(hash('sha256', text, 'hex').slice(0, 13), 16);
