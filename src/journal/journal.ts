import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { newId } from '../kernel/id.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

export { type Entry, KINDS } from './sql.ts';

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

/** Ids of files that are in the store and not known to this database, the oldest first. */
export async function unknown({ tenancy, files }: Needed): Promise<string[]> {
  const ids = await everything({ tenancy, files });
  if (ids.length === 0) return [];
  const known = await tenancy.inPortal((db) => db.query<{ id: string }>(sql.known(ids)));
  const there = new Set(known.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}

/** Ids of all files, the oldest first. */
export const everything = async ({ files }: Needed): Promise<string[]> =>
  (await files.list(FOLDER)).map((key) => key.slice(FOLDER.length + 1));

/** What one file says, in the order in which it happened. */
export async function read({ files }: Pick<Services, 'files'>, id: string): Promise<sql.Entry[]> {
  const file = await files.open(`${FOLDER}/${id}`);
  const lines = file ? (await text(file.stream)).split('\n').filter((line) => line !== '') : [];
  return lines.map((line) => JSON.parse(line));
}

/** The database knows these files from here on. */
export const adopt = (db: PortalDb, ids: readonly string[]): Promise<number> => db.execute(sql.adopt(ids));

const beats = new WeakMap<object, number>();
const EVERY = 5000;

/**
 * Whoever calls the provider leaves a sign first, at most every five seconds: a backup that is older than the last sign does not know to
 * whom was written since.
 */
export async function beat(services: Needed, now = performance.now()): Promise<void> {
  const last = beats.get(services.tenancy) ?? Number.NEGATIVE_INFINITY;
  if (now - last < EVERY) return;
  beats.set(services.tenancy, now);
  await services.tenancy.inPortal((db) => db.execute(sql.note('sending')));
  await flush(services);
}

/** The last sign of a run: whatever was called stands before it. */
export async function rest(services: Needed): Promise<void> {
  if (!beats.delete(services.tenancy)) return;
  await services.tenancy.inPortal((db) => db.execute(sql.note('sending')));
  await flush(services);
}
