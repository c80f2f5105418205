import * as customers from '../customers/customers.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/**
 * Takes the next few changes back, and notes how far it has come: cut off anywhere, it goes on where it was. Answers how many. Needs
 * `lock` of identity.
 */
export async function undoStep(db: CompanyDb, id: string, limit: number): Promise<number> {
  const [held] = await db.query<sql.Held>(sql.hold(id, ['undoing']));
  if (!held) return 0;
  const undone = await takeBack(db, held, limit);
  if (undone.count > 0) await db.execute(sql.advanceUndo(id, undone));
  return undone.count;
}

const NOTHING: sql.Undone = { count: 0, reached: null };

async function takeBack(db: CompanyDb, held: sql.Held, limit: number): Promise<sql.Undone> {
  if (held.action === 'delete') return restore(db, held, Math.min(limit, RESTORED));
  // The tag was deleted meanwhile: nobody has it any more.
  if (held.tag_id === null) return NOTHING;
  const statement = held.action === 'tag' ? sql.undoTag : sql.undoUntag;
  const [undone] = await db.query<sql.Undone>(statement(db.company.id, held, limit));
  return undone ?? NOTHING;
}

// As dear as deleting.
const RESTORED = 200;

async function restore(db: CompanyDb, held: sql.Held, limit: number): Promise<sql.Undone> {
  const rows = await db.query<{ id: string }>(sql.chooseUndo(db.company.id, held, limit));
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await customers.restore(db, ids, held.user_id, held.id);
  return { count: ids.length, reached: ids.at(-1) ?? null };
}
