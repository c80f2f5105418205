import * as audit from '../audit/audit.ts';
import * as customers from '../customers/customers.ts';
import { lock } from '../identity/identity.ts';
import { newId } from '../kernel/id.ts';
import { enqueue } from '../queue/enqueue.ts';
import * as tags from '../tags/tags.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import { FieldError } from '../web/form.ts';
import * as sql from './sql.ts';
import { begin, step } from './step.ts';
import { undoStep } from './undo.ts';

/** So many may wait or run at a time in one company: the workers are there for all. */
export const MOST_UNFINISHED = 3;

/** So few are done while the person waits, and stand in the history of each. */
export const FEW = customers.changes.MOST_WRITTEN;

const DAYS = 86_400_000;
/** So long it can be undone, like a deletion. */
export const DAYS_KEPT = 30;

export interface Wish {
  userId: string;
  action: sql.Action;
  /** its name, in whatever case; for `tag` it may be a new one */
  tag: string;
  /** ticked customers, or the query string of the list for all that match */
  whom: { ids: readonly string[] } | { filter: string };
  now: Date;
}

export interface Asked {
  id: string;
  /** how many were changed; null: it goes on behind the page */
  changed: number | null;
  /** what the tag is called */
  name: string;
}

/**
 * Does one thing to many customers (P-09): few of them at once, the others as a job. null: too many are unfinished. Throws FieldError
 * `tag`.
 */
export async function request(db: CompanyDb, wish: Wish): Promise<Asked | null> {
  const { userId, action, whom, now } = wish;
  const ids = 'ids' in whom ? [...new Set(whom.ids)] : null;
  const few = ids !== null && ids.length <= FEW;
  // Before the tag, which a new one locks as well: an import takes them in this order. A job takes its lock later, when the tag is stored.
  if (few) await lock(db);
  const tag = await tagFor(db, wish);
  const [open] = await db.query<{ count: number }>(sql.unfinished());
  if (!few && (open?.count ?? 0) >= MOST_UNFINISHED) return null;
  const id = newId();
  const filter = 'filter' in whom ? await customers.frozenFilter(db, whom.filter) : '';
  const name = tag?.name ?? '';
  const row = { id, companyId: db.company.id, userId, action, filter, customerIds: ids, askedAt: now };
  await db.execute(sql.insert({ ...row, tagId: tag?.id ?? null, tagName: name }));
  const subject = { id, what: action, tag: tag?.name ?? null, filter, customers: ids?.length ?? null };
  await audit.write(db, { userId, action: 'bulk.requested', subject });
  if (few) return { id, name, changed: await atOnce(db, id, ids.length) };
  await enqueue(db, 'bulk.run', { bulkId: id });
  return { id, name, changed: null };
}

async function tagFor(db: CompanyDb, { action, tag: name, userId }: Wish): Promise<tags.TagRow | null> {
  if (action === 'delete') return null;
  if (action === 'tag') return tags.ensure(db, name, userId);
  const tag = await tags.byName(db, name);
  if (!tag) throw new FieldError('tag', 'bulk.ask.noTag');
  return tag;
}

async function atOnce(db: CompanyDb, id: string, total: number): Promise<number> {
  await begin(db, id, total);
  const { changed } = await step(db, id, FEW);
  await tellHistories(db, id);
  await db.query(sql.finish(id, 'running', 'done'));
  return changed;
}

/** A change of few is written into the history of each; of many it is read there from here. */
async function tellHistories(db: CompanyDb, id: string): Promise<void> {
  const row = await find(db, id);
  if (!row || row.action === 'delete') return;
  const changed = await db.query<{ id: string }>(sql.changedBy(db.company.id, id, FEW));
  const [action, before, after] =
    row.action === 'tag' ? (['tagged', null, row.tag_name] as const) : (['untagged', row.tag_name, null] as const);
  const changes = [{ field: 'tags' as const, before, after }];
  const userId = row.user_id;
  await customers.changes.write(
    db,
    changed.map((customer) => ({ customerId: customer.id, userId, action, changes })),
  );
}

/** false: it was finished already, or is not there */
export async function cancel(db: CompanyDb, id: string, userId: string): Promise<boolean> {
  const touched = await db.execute(sql.cancel(id));
  if (touched > 0) await audit.write(db, { userId, action: 'bulk.cancelled', subject: { id } });
  return touched > 0;
}

/** Takes back exactly what it changed. null: there is nothing that could be taken back. Answers whether that is done already. */
export async function undo(db: CompanyDb, id: string, userId: string, now: Date): Promise<{ done: boolean } | null> {
  await lock(db);
  const since = new Date(now.getTime() - DAYS_KEPT * DAYS);
  const [begun] = await db.query<{ left: bigint }>(sql.startUndo(id, since));
  if (!begun) return null;
  await audit.write(db, { userId, action: 'bulk.undone', subject: { id } });
  if (begun.left > FEW) {
    await enqueue(db, 'bulk.undo', { bulkId: id });
    return { done: false };
  }
  while ((await undoStep(db, id, FEW)) > 0);
  await db.query(sql.finish(id, 'undoing', 'undone'));
  return { done: true };
}

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. */
export async function list(db: CompanyReader, per: number, before: string | null) {
  const rows = await db.query<sql.BulkRow>(sql.list(per + 1, before));
  return { bulks: rows.slice(0, per), more: rows.length > per };
}

/** null: there is none of that id here */
export async function find(db: CompanyReader, id: string): Promise<sql.BulkRow | null> {
  return (await db.query<sql.BulkRow>(sql.byId(id)))[0] ?? null;
}

/** Whether it can be undone still. */
export const undoable = ({ state, action, tag_id, changed, undone, finished_at }: sql.BulkRow, now: Date): boolean =>
  ['done', 'failed', 'cancelled'].includes(state) &&
  changed > undone &&
  (action === 'delete' || tag_id !== null) &&
  finished_at !== null &&
  finished_at.getTime() >= now.getTime() - DAYS_KEPT * DAYS;
