import * as audit from '../audit/audit.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import { BY_PERSON, type Channel, type Reason, type Told } from './channels.ts';
import { recordId } from './record-id.ts';
import * as sql from './sql.ts';

export { BY_PERSON, BY_SMS, CHANNELS, type Channel, kindOf, REASONS, type Reason, type Told } from './channels.ts';
export { consentForm } from './input.ts';
export type { ConsentRow, ListedRow, RecordRow, SuppressedRow } from './sql.ts';

/** `created`: the first word of this address on this channel; `updated`: it holds now; `unchanged`: told before, or older than what holds. */
export type Recorded = 'created' | 'updated' | 'unchanged';

/**
 * Writes all of it down, and lets the newest of each address and channel hold, in whatever order they come. Telling the same again
 * changes nothing. Answers one word for each, in their order. `userId`: who typed it in; null: a program.
 */
export async function record(db: CompanyDb, told: readonly Told[], userId: string | null): Promise<Recorded[]> {
  if (told.length === 0) return [];
  const records = told.map((each) => ({ id: recordId(each), ...each }));
  const rows = JSON.stringify(records.map(({ addressKey, ...each }) => ({ ...each, address_key: addressKey })));
  const inserted = await db.query<{ id: string }>(sql.insertRecords(db.company.id, rows, userId));
  const settled = await db.query<{ channel: Channel; addressKey: string; fresh: boolean }>(
    sql.settle(db.company.id, rows),
  );
  const fresh = new Set(inserted.map(({ id }) => id));
  const changed = new Map(
    settled.map((row) => [addressOf(row), row.fresh ? ('created' as const) : ('updated' as const)]),
  );
  return records.map((each) => (fresh.delete(each.id) && changed.get(addressOf(each))) || 'unchanged');
}

const addressOf = ({ channel, addressKey }: { channel: Channel; addressKey: string }) => `${channel} ${addressKey}`;

/** What holds for these addresses; nothing stands here for whom nothing was told. */
export const consentsOf = (db: CompanyReader, keys: readonly string[]) =>
  db.query<sql.ConsentRow>(sql.consentsOf(keys));

/** Everything that was ever told of them, the newest first. */
export const recordsOf = (db: CompanyReader, keys: readonly string[], most = 200) =>
  db.query<sql.RecordRow>(sql.recordsOf(keys, most));

/**
 * The number gets nothing more from this company, on any channel. What its person said outweighs a block by hand, and stays beside one.
 * `hint`: its last two digits. `userId`: who blocked it by hand; null for all other reasons. false: it was so already.
 */
export async function suppress(
  db: CompanyDb,
  wanted: { addressKey: string; hint: string; reason: Reason; userId: string | null },
): Promise<boolean> {
  const added = await db.query(sql.suppress(db.company.id, wanted));
  if (added.length === 0) return false;
  const { hint, reason, userId } = wanted;
  await audit.write(db, { userId, action: 'number.silenced', subject: { hint, reason } });
  return true;
}

/**
 * `only`: which reasons are taken away: the person's own by START, `['hand']` by whoever works for the company. Each leaves the
 * other's word standing. false: there was nothing of the kind.
 */
export async function lift(
  db: CompanyDb,
  addressKey: string,
  userId: string | null,
  { only = BY_PERSON }: { only?: readonly Reason[] } = {},
): Promise<boolean> {
  const own = only.filter((reason) => reason !== 'hand');
  const lifted = [
    ...(own.length > 0 ? await db.query<{ hint: string }>(sql.liftByPerson(addressKey, own)) : []),
    ...(only.includes('hand') ? await db.query<{ hint: string }>(sql.liftByHand(addressKey)) : []),
  ];
  const [row] = lifted;
  if (!row) return false;
  await audit.write(db, { userId, action: 'number.released', subject: { hint: row.hint } });
  return true;
}

/** Which of these numbers get nothing. */
export const suppressedOf = (db: CompanyReader, keys: readonly string[]) =>
  db.query<sql.SuppressedRow>(sql.suppressedOf(keys));

/** The numbers of the company that get nothing, the newest first; `key`: only that one. */
export const listSuppressed = (db: CompanyReader, wanted: { key: string | null; per: number; before: string | null }) =>
  db.query<sql.ListedRow>(sql.list(wanted));

export async function countSuppressed(db: CompanyReader): Promise<bigint> {
  const [row] = await db.query<{ count: bigint }>(sql.howMany());
  return row?.count ?? 0n;
}

/** Of somebody who is erased: what was told of these addresses goes; that a number gets nothing stays, and a refusal becomes that. */
export async function forget(db: CompanyDb, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await db.execute(sql.forgetConsents(keys));
}
