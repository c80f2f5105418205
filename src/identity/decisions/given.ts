import * as tags from '../../tags/tags.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** A survivor gets the tags of those merged into it, and what a person wrote on one of them and on no survivor; the merge keeps note. */
export async function carryOver(db: CompanyDb, merged: readonly { from: string; to: string }[]): Promise<void> {
  const [from, to] = [merged.map((each) => each.from), merged.map((each) => each.to)];
  const added = await tags.carry(db, merged);
  if (added.length > 0) {
    const rows = { customers: added.map(({ customerId }) => customerId), tags: added.map(({ tagId }) => tagId) };
    await db.execute(sql.noteTags(db.company.id, { from, to }, rows));
  }
  await db.execute(sql.carryFields(db.company.id, from, to));
}

/** What the survivors of these customers got by the merge goes back, unless a person has changed it since. Answers the survivors. */
export async function takeBack(db: CompanyDb, revived: readonly string[]): Promise<string[]> {
  if (revived.length === 0) return [];
  const logs = await db.query<sql.Given>(sql.logRevivals(db.company.id, [...revived]));
  const brought = logs.flatMap(({ survivor_id: id, given }) => (given.tags ?? []).map((tag) => ({ id, tag })));
  if (brought.length > 0) {
    const [customers, tagIds] = [brought.map(({ id }) => id), brought.map(({ tag }) => tag)];
    await tags.takeBack(db, await db.query(sql.unbrought(db.company.id, customers, tagIds)));
  }
  const fields = logs.flatMap(({ survivor_id: id, given }) => (given.fields ? [{ id, ...given.fields }] : []));
  if (fields.length > 0) await db.execute(sql.takeBackFields(db.company.id, JSON.stringify(fields)));
  return logs.map(({ survivor_id }) => survivor_id);
}
