import { spanStart } from '../../kernel/time.ts';
import type { CompanyDb, CompanyReader, PortalDb } from '../../tenancy/handles.ts';
import { type Known, knownAs, knownSince, mayBeFormer } from './owner.ts';
import * as sql from './sql.ts';

export type { NumberRow, OwnRow, SeenRow } from './sql.ts';

export interface Reviews {
  numbers: sql.NumberRow[];
  own: { row: sql.OwnRow; published: sql.SeenRow | null }[];
  recent: sql.SeenRow[];
  /** published more than 12 months ago */
  faded: sql.SeenRow[];
  /** perhaps of somebody who had the number before */
  former: sql.SeenRow[];
}

/** The phones of a customer that the shared tables know, its main one first. */
export const numbersOf = (db: CompanyReader, customerId: string) => db.query<sql.NumberRow>(sql.numbers(customerId));

/**
 * All reviews about a customer: the union over its phones (P-79, P-89), as far as the company may read them. `keyed`: the portal's
 * keyed hash.
 */
export async function reviewsOf(
  db: CompanyReader,
  customerId: string,
  { now, keyed }: { now: Date; keyed: (text: string) => string },
): Promise<Reviews> {
  const numbers = await numbersOf(db, customerId);
  const keys = numbers.map((number) => number.key);
  if (keys.length === 0) return { numbers, own: [], recent: [], faded: [], former: [] };
  const open = numbers.filter(({ dealt, waiting, hidden }) => dealt && !waiting && !hidden).map(({ key }) => key);
  const owns = await db.query<sql.OwnRow>(sql.owns(keys));
  const ids = owns.map(({ id }) => id);
  const seen = open.length + ids.length > 0 ? await db.query<sql.SeenRow>(sql.published(open, ids)) : [];
  const others = seen.filter((review) => !review.own);
  const isFormer = others.length > 0 ? await formerOwners(db, others, keyed) : () => false;
  const former = others.filter(isFormer);
  const present = others.filter((review) => !former.includes(review));
  const fadesBefore = spanStart('12m', now, db.company.timezone);
  return {
    numbers,
    own: owns.map((row) => ({ row, published: seen.find((review) => review.id === row.id) ?? null })),
    recent: present.filter((review) => review.published_at >= fadesBefore),
    faded: present.filter((review) => review.published_at < fadesBefore),
    former,
  };
}

/** Signs of life of a number: the reader's own arrivals, and the dealings of which the reviews tell that it may read. */
async function formerOwners(db: CompanyReader, seen: readonly sql.SeenRow[], keyed: (text: string) => string) {
  const keys = [...new Set(seen.map((review) => review.phone_key))];
  const arrivals = await db.query<sql.SignRow>(sql.signsOfLife(keys));
  const here = await known(db, keys);
  return ({ phone_key: key, dealt_at: dealtAt, known_as }: sql.SeenRow): boolean => {
    const signs = [
      ...arrivals.filter((sign) => sign.key === key).flatMap(({ first, last }) => [first, last]),
      ...seen.filter((other) => other.phone_key === key).map((other) => other.dealt_at),
    ];
    const said = here.filter((each) => each.key === key);
    return mayBeFormer({ dealtAt, knownAs: known_as }, signs, knownAs(knownSince(said, dealtAt), keyed));
  };
}

const known = (db: CompanyReader, keys: readonly string[]) => db.query<Known & { key: string }>(sql.knownAs(keys));

/** As what the company knows the person behind a number, in keys; goes with what it publishes. */
export const knownAsOf = async (db: CompanyDb, key: string): Promise<string[]> =>
  knownAs(await known(db, [key]), (text) => db.keyOfPhone(text));

/** Of these numbers, those about which nobody of the company has read others' reviews before. */
export async function newLooks(db: CompanyReader, seen: readonly sql.SeenRow[]): Promise<string[]> {
  const keys = [...new Set(seen.filter((review) => !review.own).map((review) => review.phone_key))];
  if (keys.length === 0) return [];
  return (await db.query<{ key: string }>(sql.newLooks(keys))).map(({ key }) => key);
}

/** Notes who of the company first read what others wrote about a number: the person behind it can ask. */
export async function noteLooks(db: CompanyDb, keys: readonly string[], userId: string, now: Date): Promise<void> {
  await db.execute(sql.look(keys, userId, now));
}

/** Whether the portal lets a company know, before any dealing, that there is something to be read (reading 9). */
export async function hintsAllowed(db: CompanyReader): Promise<boolean> {
  const [row] = await db.query<{ value: unknown }>(sql.setting('reviews.typedInHint'));
  return row?.value === true;
}

/** Whether anything is published about one of these numbers: only for the hint that the portal has switched on. */
export async function anythingAbout(db: PortalDb, keys: readonly string[]): Promise<boolean> {
  const [row] = await db.query<{ exists: boolean }>(sql.anythingAbout(keys));
  return row?.exists ?? false;
}

/** The company's own reviews about a customer that it has not taken back. */
export async function ownsOf(db: CompanyReader, numbers: readonly sql.NumberRow[]): Promise<sql.OwnRow[]> {
  return numbers.length > 0 ? db.query<sql.OwnRow>(sql.owns(numbers.map(({ key }) => key))) : [];
}

/** A company disputes a review once, and again when it reads otherwise or after so many days. */
export const DISPUTE_DAYS = 90;

export const mayDispute = ({ own, corrected_at, dispute_state, dispute_at }: sql.SeenRow, now: Date): boolean =>
  !own &&
  dispute_state !== 'open' &&
  (dispute_at === null ||
    (corrected_at !== null && dispute_at < corrected_at) ||
    dispute_at.getTime() <= now.getTime() - DISPUTE_DAYS * 86_400_000);

/** One published review that the company may read; null: there is none of that id for it. */
export async function readable(db: CompanyReader, id: string): Promise<sql.SeenRow | null> {
  const [row] = await db.query<sql.SeenRow>(sql.publishedOne(id));
  return row ?? null;
}

/** One of the company's own reviews that it has not taken back. */
export async function ownOf(db: CompanyReader, id: string): Promise<sql.OwnRow | null> {
  const [row] = await db.query<sql.OwnRow>(sql.ownOne(id));
  return row ?? null;
}
