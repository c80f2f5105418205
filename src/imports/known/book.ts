import { createHash } from 'node:crypto';
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

interface Face extends Omit<FaceRow, 'id' | 'tags'> {
  ids: string[];
  tags: Set<string>;
}

/**
 * Foretells what rows do, one after another: like identity itself it joins customers by their contacts, and knows what the rows
 * before brought. Holds two numbers for a contact, so that a long file fits.
 */
export function openBook(policy: 'automatic' | 'ask', tagNames: Iterable<string>, mostTags: number) {
  const owners = new Map<number, number>();
  const customers = new Map<string, number>();
  const shared = new Set<number>();
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
    /** What is stored of contacts that the next rows name. */
    learn(rows: readonly OwnerRow[], faceRows: readonly FaceRow[]): void {
      for (const { id, tags, ...face } of faceRows) {
        if (!customers.has(id)) customers.set(id, add({ ...face, ids: [id], tags: new Set(tags) }));
      }
      for (const row of rows) {
        const key = keyOf(row.kind, row.value);
        if (row.shared) shared.add(key);
        const at = customers.get(row.customer_id);
        if (at !== undefined && !owners.has(key)) owners.set(key, at);
      }
    },
    foresee(row: Understood): Foreseen {
      const keys = keysOf(row).filter((key) => !shared.has(key));
      if (keys.length === 0) return refused([{ code: 'shared', column: null }]);
      const fresh = new Set(row.tags.map(fold).filter((tag) => !tags.has(tag)));
      if (tags.size + fresh.size > mostTags) return refused([{ code: 'tooManyTags', column: null, most: mostTags }]);
      for (const tag of fresh) tags.add(tag);
      const met = [...new Set(keys.flatMap((key) => roots(key)))];
      const known = met.flatMap((at) => faces[at]?.ids ?? []);
      const [strongest] = met;
      if (strongest === undefined) return born(keys, row);
      const together = policy === 'automatic' && met.length > 1;
      if (together) for (const other of met.slice(1)) join(strongest, other);
      const news = keys.filter((key) => !owners.has(key));
      for (const key of news) owners.set(key, strongest);
      return foreseen(faces[strongest] as Face, row, known, together, news.length > 0);
    },
  };

  function roots(key: number): number[] {
    const at = owners.get(key);
    return at === undefined ? [] : [root(at)];
  }

  function born(keys: number[], row: Understood): Foreseen {
    const face: Face = {
      ids: [],
      ...{ name: '', gender: null, region: null, noted: '', reachable: '', tags: new Set() },
      ...{ name_held: false, gender_held: false, region_held: false },
    };
    const at = add(face);
    for (const key of keys) owners.set(key, at);
    return { ...foreseen(face, row, [], false, true), outcome: 'created' };
  }

  function join(to: number, from: number): void {
    const [into, out] = [faces[to] as Face, faces[from] as Face];
    parents[from] = to;
    into.ids.push(...out.ids);
    for (const tag of out.tags) into.tags.add(tag);
    for (const part of ['name', 'gender', 'region'] as const) {
      const held = `${part}_held` as const;
      if (!into[part] || (out[held] && !into[held])) into[part] = out[part] as string;
      into[held] ||= out[held];
    }
    into.noted ||= out.noted;
    into.reachable ||= out.reachable;
  }
}

export type Book = ReturnType<typeof openBook>;

function foreseen(face: Face, row: Understood, owners: string[], merged: boolean, news: boolean): Foreseen {
  let changed = news;
  for (const part of ['name', 'gender', 'region'] as const) {
    const said = row[part];
    if (said === null || face[`${part}_held`] || said === face[part]) continue;
    face[part] = said;
    changed = true;
  }
  const added = row.tags.filter((tag) => !face.tags.has(fold(tag)));
  for (const tag of added) face.tags.add(fold(tag));
  const note = takeText(face, 'noted', row.note);
  const channels = takeText(face, 'reachable', row.channels);
  const problems: Problem[] = [
    ...(note === 'kept' ? [{ code: 'noteKept', column: null }] : []),
    ...(channels === 'kept' ? [{ code: 'channelsKept', column: null }] : []),
  ];
  changed ||= added.length > 0 || note === 'new' || channels === 'new';
  const outcome = merged ? 'merged' : changed ? 'updated' : 'unchanged';
  const taken = { note: note === 'new' ? row.note : null, channels: channels === 'new' ? row.channels : null };
  return { outcome, owners, ...taken, tags: added, problems };
}

/** What a customer has is kept; the same text again is nothing new. */
function takeText(face: Face, part: 'noted' | 'reachable', text: string): 'new' | 'kept' | 'same' {
  if (text === '') return 'same';
  const mark = createHash('md5').update(text).digest('hex');
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

/** 52 bits of a hash: a number that fits where a text would take ten times the room. Two of half a million are alike once in 35,000 files. */
function keyOf(kind: ContactKind, value: string): number {
  const digest = createHash('sha256').update(`${kind} ${value}`).digest();
  return digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) >> 4);
}
