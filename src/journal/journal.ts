import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { isId, newId } from '../kernel/id.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

export { type Entry, KINDS, PLACE } from './sql.ts';

type Needed = Pick<Services, 'tenancy' | 'files'>;

const FOLDER = 'journal';
const MOST = 5000;

/**
 * Writes what waits to the file store, outside of whatever a backup of the database holds: STOPs, refusals, erasures, launches, by keys and
 * ids alone. A file is known to the database before it is there, so one that a database does not know was written after its backup.
 * May be called by anybody at any time.
 */
export async function flush(services: Needed): Promise<void> {
  for (let taken = MOST; taken === MOST; ) {
    const object = newId();
    taken = await services.tenancy.inPortal((db) => take(db, object));
    const open = await services.tenancy.inPortal((db) => db.query<{ id: string }>(sql.unwritten(object)));
    for (const { id } of open) await write(services, id);
  }
}

async function take(db: PortalDb, object: string): Promise<number> {
  const taken = await db.execute(sql.take(object, MOST));
  if (taken > 0) await db.execute(sql.begin(object));
  return taken;
}

async function write({ tenancy, files }: Needed, object: string): Promise<void> {
  const rows = await tenancy.inPortal((db) => db.query<sql.Entry>(sql.entriesOf(object)));
  // Somebody else has written it, and its entries are gone.
  if (rows.length === 0) return;
  const draft = await files.draft(`${FOLDER}/${object}`);
  try {
    draft.stream.end(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await finished(draft.stream);
    await draft.keep();
  } catch (error) {
    await draft.discard();
    throw error;
  }
  await tenancy.inPortal(async (db) => {
    await db.execute(sql.written(object));
    await db.execute(sql.dropEntries(object));
  });
}

/** Ids of files that are in the store and not known to this database, the oldest first; `since`: only of those that were begun after. */
export async function unknown({ tenancy, files }: Needed, since?: Date): Promise<string[]> {
  const ids = await everything({ files }, since);
  if (ids.length === 0) return [];
  const known = await tenancy.inPortal((db) => db.query<{ id: string }>(sql.known(ids)));
  const there = new Set(known.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

/** Ids of all files, the oldest first. What else lies there, such as a listing of whoever copies them, is none of ours. */
export const everything = async ({ files }: Pick<Services, 'files'>, since?: Date): Promise<string[]> =>
  (await files.list(FOLDER, since && newId(since))).map((key) => key.slice(FOLDER.length + 1)).filter(isId);

/**
 * What these files say, in the order in which it happened: of two that write at the same time, one that began later may have taken
 * what is older.
 */
export async function read(services: Pick<Services, 'files'>, ids: readonly string[]): Promise<sql.Entry[]> {
  const found: { entry: sql.Entry; moment: string }[] = [];
  for (const id of ids)
    for (const entry of await readOne(services, id)) found.push({ entry, moment: momentOf(entry.at) });
  return found.sort((a, b) => (a.moment < b.moment ? -1 : Number(a.moment > b.moment))).map(({ entry }) => entry);
}

/** To the microsecond, which a `Date` does not know; sorts as text. */
function momentOf(at: string): string {
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  return new Date(at).toISOString().slice(0, 20) + fraction.padEnd(6, '0');
}

async function readOne({ files }: Pick<Services, 'files'>, id: string): Promise<sql.Entry[]> {
  const file = await files.open(`${FOLDER}/${id}`);
  const lines = file ? (await text(file.stream)).split('\n').filter((line) => line !== '') : [];
  return lines.map((line) => JSON.parse(line));
}

/** The database knows these files from here on. */
export const adopt = (db: PortalDb, ids: readonly string[]): Promise<number> => db.execute(sql.adopt(ids));

interface Pulse {
  /** when the last sign was begun that was written, by `performance.now()` */
  at: number;
  /** the one that is being written */
  sign: Promise<void> | null;
}

const pulses = new WeakMap<object, Pulse>();
const EVERY = 5000;

/**
 * Whoever calls the provider leaves a sign first, at most every five seconds: a backup that is older than the last sign does not know to
 * whom was written since. Throws where it cannot be left: then nobody is to be called. Where the database stands elsewhere than it did,
 * nobody is called either, from here on: it was replaced behind our back.
 */
export async function beat(services: Needed, now = performance.now()): Promise<void> {
  const pulse = pulses.get(services.tenancy) ?? { at: Number.NEGATIVE_INFINITY, sign: null };
  pulses.set(services.tenancy, pulse);
  if (now - pulse.at < EVERY) return;
  pulse.sign ??= leaveSign(services)
    .then(() => {
      pulse.at = now;
    })
    .finally(() => {
      pulse.sign = null;
    });
  await pulse.sign;
}

/** The last sign of a run: whatever was called stands before it. */
export async function rest(services: Needed): Promise<void> {
  if (pulses.delete(services.tenancy)) await leaveSign(services);
}

async function leaveSign(services: Needed): Promise<void> {
  await services.tenancy.inPortal(async (db) => {
    await db.execute(sql.holdElsewhere());
    await db.execute(sql.note('sending'));
  });
  await flush(services);
}
