import { lock, recompute } from '../../identity/identity.ts';
import { newId } from '../../kernel/id.ts';
import { phoneTraits } from '../../kernel/phone.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import * as changes from '../history/changes.ts';
import type { Base } from './base.ts';
import { type Details, nobody } from './details.ts';
import { differences, rebased } from './differences.ts';
import { type Lookalike, lookalikes, without } from './lookalikes.ts';
import * as sql from './sql.ts';
import { isFixed, load, type Stored } from './stored.ts';

export interface Consent {
  /** ids of the others that the person has seen and does not mean; their contacts are left out */
  seen: readonly string[];
  userId: string;
}

export type Added = { id: string; leftOut: boolean } | { lookalikes: Lookalike[] };

/**
 * A customer typed in by hand (P-06, C-12). Where it may be somebody who is there already, nothing is stored, and the answer
 * shows whom, until the person has seen them all.
 */
export async function add(db: CompanyDb, details: Details, { seen, userId }: Consent): Promise<Added> {
  await lock(db);
  const others = await lookalikes(db, null, nobody, details);
  if (others.some(({ id }) => !seen.includes(id))) return { lookalikes: others };
  const id = newId();
  await db.execute(sql.insertCustomer(db.company.id, id));
  const stored: Stored = {
    id,
    version: 0n,
    details: nobody,
    contacts: [],
    said: { name: null, gender: null, region: null },
  };
  await write(db, stored, without(details, others), others, userId, 'added');
  return { id, leftOut: others.some(({ holds }) => holds.length > 0) };
}

export type Edited =
  | { changed: boolean; leftOut: boolean }
  | { lookalikes: Lookalike[] }
  | { theirs: Stored }
  | { mergedInto: string }
  | null;

/**
 * Saves what was typed over `base` (P-54), where nobody has saved since: else the answer is what somebody else made of it. What
 * evidence proves stays, whether the form has it or not, and so does what came without a save. null: there is no such customer.
 */
export async function edit(
  db: CompanyDb,
  id: string,
  base: Pick<Base, 'version' | 'details'>,
  typed: Details,
  { seen, userId }: Consent,
): Promise<Edited> {
  await lock(db);
  const stored = await load(db, id, true);
  if (!stored || 'mergedInto' in stored) return stored;
  if (stored.version !== base.version) return { theirs: stored };
  const details = rebased(base.details, typed, stored.details);
  const others = await lookalikes(db, id, stored.details, details);
  if (others.some((other) => !seen.includes(other.id))) return { lookalikes: others };
  const changed = await write(db, stored, kept(stored, without(details, others)), others, userId, 'edited');
  return { changed, leftOut: others.some(({ holds }) => holds.length > 0) };
}

/** With the fixed contacts that the form did not send. */
function kept(stored: Stored, details: Details): Details {
  const fixed = (kind: 'phone' | 'email') =>
    new Set(stored.contacts.filter((each) => each.kind === kind && isFixed(each)).map(({ value }) => value));
  const [phones, emails] = [fixed('phone'), fixed('email')];
  for (const { value } of details.phones) phones.delete(value);
  for (const { value } of details.emails) emails.delete(value);
  return {
    ...details,
    phones: [...details.phones, ...stored.details.phones.filter(({ value }) => phones.has(value))],
    emails: [...details.emails, ...stored.details.emails.filter(({ value }) => emails.has(value))],
  };
}

async function write(
  db: CompanyDb,
  stored: Stored,
  wanted: Details,
  others: readonly Lookalike[],
  userId: string,
  action: 'added' | 'edited',
): Promise<boolean> {
  const { id, details: before, said } = stored;
  const after = asSaid(wanted, said);
  const names = await tags.names(db);
  const diff = differences(before, after, names);
  await raise(db, id, others);
  if (diff.length === 0 && action === 'edited' && sameHands(before, after)) return false;
  await db.execute(sql.write(db.company.id, id, written(after)));
  await writeContacts(db, id, before, after);
  await writeTags(
    db,
    id,
    before.tags,
    after.tags.filter((tag) => names.has(tag)),
    userId,
  );
  await changes.write(db, { customerId: id, userId, action, changes: diff });
  await recompute(db, [id]);
  return true;
}

const sameHands = (a: Details, b: Details) => a.latest.join() === b.latest.join();

function asSaid(wanted: Details, said: sql.LatestRow): Details {
  const has = (field: 'name' | 'gender' | 'region') => wanted.latest.includes(field);
  return {
    ...wanted,
    name: has('name') ? (said.name ?? '') : wanted.name,
    gender: has('gender') ? said.gender : wanted.gender,
    region: has('region') ? said.region : wanted.region,
  };
}

function written(after: Details): sql.Written {
  const has = (field: 'name' | 'gender' | 'region') => after.latest.includes(field);
  return {
    name: has('name') ? null : after.name,
    gender: has('gender') ? null : { value: after.gender },
    region: has('region') ? null : { value: after.region },
    otherChannels: after.otherChannels,
    note: after.note,
  };
}

async function writeContacts(db: CompanyDb, id: string, before: Details, after: Details): Promise<void> {
  const [old, wanted] = [contactRows(db, before), contactRows(db, after)];
  const isIn = (rows: readonly ContactRow[]) => (row: ContactRow) =>
    rows.some(({ kind, value }) => kind === row.kind && value === row.value);
  const gone = old.filter((row) => !isIn(wanted)(row));
  const [kinds, values] = [gone.map(({ kind }) => kind), gone.map(({ value }) => value)];
  if (gone.length > 0) await db.execute(sql.dropContacts(db.company.id, id, kinds, values));
  const fresh = wanted.filter((row) => !isIn(old)(row));
  if (fresh.length > 0) await db.execute(sql.insertContacts(db.company.id, id, JSON.stringify(fresh)));
  if (wanted.length > 0) await db.execute(sql.arrangeContacts(db.company.id, id, JSON.stringify(wanted)));
}

type ContactRow = ReturnType<typeof contactRows>[number];

const contactRows = (db: CompanyDb, { phones, emails }: Details) => [
  ...phones.map((phone, n) => ({
    ...phone,
    kind: 'phone',
    position: n + 1,
    phone_key: db.keyOfPhone(phone.value),
    ...phoneTraits(phone.value),
  })),
  ...emails.map((email, n) => ({ ...email, kind: 'email', position: n + 1, phone_key: null, channels: [] })),
];

async function writeTags(
  db: CompanyDb,
  id: string,
  before: readonly string[],
  after: readonly string[],
  userId: string,
) {
  const fresh = after.filter((tag) => !before.includes(tag));
  const gone = before.filter((tag) => !after.includes(tag));
  if (fresh.length > 0) await tags.tagCustomer(db, id, fresh, userId);
  if (gone.length > 0) await tags.untagCustomer(db, id, gone);
}

/** Somebody typed in here what is another customer's: a question for the page of duplicates. */
async function raise(db: CompanyDb, id: string, others: readonly Lookalike[]): Promise<void> {
  const pairs = others.flatMap((other) => {
    const [proof] = other.holds;
    return proof && !other.deleted
      ? [{ id: newId(), customer_id: other.id, other_id: id, because_kind: proof.kind, because_value: proof.value }]
      : [];
  });
  if (pairs.length > 0) await db.execute(sql.raiseTyped(db.company.id, JSON.stringify(pairs)));
}
