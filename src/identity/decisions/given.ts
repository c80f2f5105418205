import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** A survivor gets the tags of those merged into it, and what a person wrote on one of them and on no survivor; the merge keeps note. */
export async function carryOver(db: CompanyDb, merged: readonly { from: string; to: string }[]): Promise<void> {
  const [from, to] = [merged.map((each) => each.from), merged.map((each) => each.to)];
  await db.execute(sql.carryTags(db.company.id, from, to));
  await db.execute(sql.carryFields(db.company.id, from, to));
}

/** What the survivors of these customers got by the merge goes back, unless a person has changed it since. Answers the survivors. */
export async function takeBack(db: CompanyDb, revived: readonly string[]): Promise<string[]> {
  if (revived.length === 0) return [];
  const logs = await db.query<sql.Given>(sql.logRevivals(db.company.id, [...revived]));
  const tags = logs.flatMap(({ survivor_id, given }) => (given.tags ?? []).map((tag) => ({ survivor_id, tag })));
  if (tags.length > 0) {
    const customers = tags.map(({ survivor_id }) => survivor_id);
    await db.execute(
      sql.takeBackTags(
        db.company.id,
        customers,
        tags.map(({ tag }) => tag),
      ),
    );
  }
  const fields = logs.flatMap(({ survivor_id: id, given }) => (given.fields ? [{ id, ...given.fields }] : []));
  if (fields.length > 0) await db.execute(sql.takeBackFields(db.company.id, JSON.stringify(fields)));
  return logs.map(({ survivor_id }) => survivor_id);
}
