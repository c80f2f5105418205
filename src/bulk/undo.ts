import * as customers from '../customers/customers.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/**
 * Takes the next few changes back, and forgets them: cut off anywhere, it goes on where it was. Answers how many. Needs `lock` of
 * identity.
 */
export async function undoStep(db: CompanyDb, id: string, limit: number): Promise<number> {
  const [held] = await db.query<sql.Held>(sql.hold(id, ['undoing']));
  if (!held) return 0;
  const count = await takeBack(db, held, limit);
  if (count > 0) await db.execute(sql.advanceUndo(id, count));
  return count;
}

async function takeBack(db: CompanyDb, held: sql.Held, limit: number): Promise<number> {
  if (held.action === 'delete') return restore(db, held, Math.min(limit, RESTORED));
  // The tag was deleted meanwhile: nobody has it any more.
  if (held.tag_id === null) return 0;
  const statement = held.action === 'tag' ? sql.undoTag : sql.undoUntag;
  const [row] = await db.query<{ count: number }>(statement(db.company.id, held, limit));
  return row?.count ?? 0;
}

const RESTORED = 200;

async function restore(db: CompanyDb, held: sql.Held, limit: number): Promise<number> {
  const rows = await db.query<{ id: string }>(sql.changedBy(db.company.id, held.id, limit));
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await customers.restore(db, ids, held.user_id);
  await db.execute(sql.settle(db.company.id, held.id, ids));
  return ids.length;
}
