import * as customers from '../customers/customers.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export async function begin(db: CompanyDb, id: string, total: number): Promise<void> {
  await db.execute(sql.begin(id, total));
}

/** The customers it is about, over the alias `c`. */
export function selection({ company }: Pick<CompanyDb, 'company'>, held: sql.Held) {
  if (held.customer_ids) return sql.ticked(held.customer_ids);
  const { state } = customers.parseListState(new URLSearchParams(held.filter), company);
  return customers.selection(state, company, held.asked_at).where;
}

export interface StepDone {
  /** there may be more of them */
  more: boolean;
  changed: number;
}

// Deleting one costs as much as tagging many: its contacts, counters and search text go with it.
const DELETED = 200;

const NOTHING: StepDone = { more: false, changed: 0 };

/**
 * Does it to the next few, and notes how far it has come, all or nothing. Needs `lock` of identity: who changes many customers comes one
 * after the other. Nothing happens to one that was cancelled.
 */
export async function step(db: CompanyDb, id: string, limit: number): Promise<StepDone> {
  const [held] = await db.query<sql.Held>(sql.hold(id, ['running']));
  if (!held) return NOTHING;
  if (held.action !== 'delete' && !(await tagIsThere(db, held))) {
    await db.query(sql.fail(id, 'tagGone'));
    return NOTHING;
  }
  const size = held.action === 'delete' ? Math.min(limit, DELETED) : limit;
  const stepped = await act(db, held, { where: selection(db, held), reached: held.reached, limit: size });
  await db.execute(sql.advance(id, stepped));
  return { more: stepped.seen === size, changed: stepped.changed };
}

const tagIsThere = async (db: CompanyDb, { tag_id }: sql.Held) =>
  tag_id !== null && (await db.query(sql.keepTag(tag_id))).length > 0;

async function act(db: CompanyDb, held: sql.Held, chunk: sql.Step): Promise<sql.Stepped> {
  if (held.action === 'delete') return remove(db, held, chunk);
  const statement = held.action === 'tag' ? sql.tag : sql.untag;
  const [stepped] = await db.query<sql.Stepped>(statement(db.company.id, held, chunk));
  return stepped ?? { seen: 0, changed: 0, reached: null };
}

async function remove(db: CompanyDb, held: sql.Held, chunk: sql.Step): Promise<sql.Stepped> {
  const rows = await db.query<{ id: string }>(sql.choose(db.company.id, chunk));
  const ids = rows.map(({ id }) => id);
  const removed = ids.length > 0 ? await customers.remove(db, ids, held.user_id, held.id) : [];
  await db.execute(sql.note(db.company.id, held.id, removed));
  return { seen: ids.length, changed: removed.length, reached: ids.at(-1) ?? null };
}
