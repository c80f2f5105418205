import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import { fold } from '../kernel/text.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import { FieldError } from '../web/form.ts';
import * as sql from './sql.ts';

/** So many tags a company may have. */
export const MOST_TAGS = 500;

/** In whatever case it was typed; null: there is none. It stays until the end of the transaction. */
export async function byName(db: CompanyDb, name: string): Promise<sql.TagRow | null> {
  return (await db.query<sql.TagRow>(sql.byFolded(fold(name))))[0] ?? null;
}

/** The tag of that name, in whatever case it was typed; a new one where there is none. Throws FieldError `tag`. */
export async function ensure(db: CompanyDb, name: string, userId: string): Promise<sql.TagRow> {
  const known = await byName(db, name);
  if (known) return known;
  await add(db, name, null, userId, 'tag');
  const made = await byName(db, name);
  if (!made) throw new Error(`the tag ${name} was not made`);
  return made;
}

/** Throws FieldError `name`: there is one, or there are too many. */
export async function create(db: CompanyDb, name: string, colour: sql.Colour, userId: string): Promise<void> {
  if (!(await add(db, name, colour, userId, 'name'))) throw new FieldError('name', 'tags.taken');
}

/** Without a colour it gets the one whose turn it is. */
async function add(db: CompanyDb, name: string, colour: sql.Colour | null, userId: string, field: string) {
  const count = (await db.query<{ count: number }>(sql.howMany()))[0]?.count ?? 0;
  if (count >= MOST_TAGS) throw new FieldError(field, 'tags.tooMany');
  const [id, next] = [newId(), sql.COLOURS[(count * 5) % sql.COLOURS.length] ?? 'blue'];
  const added = await db.execute(sql.create(db.company.id, id, name, fold(name), colour ?? next));
  if (added > 0) await audit.write(db, { userId, action: 'tag.created', subject: { id, name } });
  return added > 0;
}

export async function find(db: CompanyReader, id: string): Promise<sql.TagRow | null> {
  return (await db.query<sql.TagRow>(sql.byId(id)))[0] ?? null;
}

/** Throws FieldError `name`: another tag is called so. false: it is gone. */
export async function save(
  db: CompanyDb,
  id: string,
  { name, colour }: Pick<sql.TagRow, 'name' | 'colour'>,
  userId: string,
): Promise<boolean> {
  if (!(await find(db, id))) return false;
  const saved = await db.execute(sql.save(id, name, fold(name), colour));
  if (saved === 0) throw new FieldError('name', 'tags.taken');
  await audit.write(db, { userId, action: 'tag.changed', subject: { id, name, colour } });
  return true;
}

/**
 * Nobody sees the tag from now on; a job takes it away from whoever has it, and gives them `into` where that is named. false: one of
 * them is gone already. There is no way back.
 */
export async function leave(db: CompanyDb, tag: sql.TagRow, into: sql.TagRow | null, userId: string): Promise<boolean> {
  if (into && (await db.query(sql.lockOne(into.id))).length === 0) return false;
  if ((await db.execute(sql.leave(tag.id, into?.id ?? null))) === 0) return false;
  await enqueue(db, 'tag.clear', { tagId: tag.id });
  const subject = { id: tag.id, name: tag.name, ...(into ? { into: into.name } : {}) };
  await audit.write(db, { userId, action: into ? 'tag.merged' : 'tag.removed', subject });
  return true;
}

/** How far the uses of a tag have been taken away. */
export interface Cleared {
  of: sql.Clearing['of'];
  /** the last customer or order; null: none yet */
  last: string | null;
}

/** Takes the next few uses of a tag that leaves. Answers how far it has come; null: nothing is left, and the tag itself is gone. */
export async function clearSome(db: CompanyDb, id: string, from: Cleared, limit: number): Promise<Cleared | null> {
  const [tag] = await db.query<{ into_id: string | null }>(sql.leaving(id));
  if (!tag) return null;
  const next = { of: from.of, id, into: tag.into_id, beyond: from.last, limit };
  const [cleared] = await db.query<{ last: string }>(sql.clear(db.company.id, next));
  if (cleared) return { of: from.of, last: cleared.last };
  if (from.of === 'customers') return { of: 'orders', last: null };
  await db.execute(sql.forget(id));
  await db.execute(sql.inherit(id, tag.into_id));
  if (tag.into_id) await db.execute(sql.follow(id, tag.into_id));
  await db.execute(sql.drop(id));
  return null;
}

/** false: there is no such customer here any more, or it has all of the tags */
export async function tagCustomer(
  db: CompanyDb,
  customerId: string,
  tagIds: readonly string[],
  userId: string,
): Promise<boolean> {
  return (await db.execute(sql.tagCustomer(db.company.id, customerId, tagIds, userId))) > 0;
}

/** false: it has none of them */
export async function untagCustomer(db: CompanyDb, customerId: string, tagIds: readonly string[]): Promise<boolean> {
  return (await db.execute(sql.untagCustomer(db.company.id, customerId, tagIds))) > 0;
}

/** false: it has the tag */
export async function tagOrder(db: CompanyDb, orderId: string, tagId: string, userId: string): Promise<boolean> {
  return (await db.execute(sql.tagOrder(db.company.id, orderId, tagId, userId))) > 0;
}

export async function untagOrder(db: CompanyDb, orderId: string, tagId: string): Promise<boolean> {
  return (await db.execute(sql.untagOrder(db.company.id, orderId, tagId))) > 0;
}
