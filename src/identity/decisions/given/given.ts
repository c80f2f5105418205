import * as tags from '../../../tags/tags.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
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

interface Taken {
  survivorId: string;
  tags: readonly string[];
  fields: sql.Fields;
}

/**
 * What the survivors of these customers got by the merge goes back, unless a person has changed it since; and so does what the
 * survivors' own survivors got of it by later merges. Answers all of them.
 */
export async function takeBack(db: CompanyDb, revived: readonly string[]): Promise<string[]> {
  if (revived.length === 0) return [];
  const survivors = new Set<string>();
  let taken = (await db.query<sql.Given>(sql.logRevivals(db.company.id, [...revived]))).map(takenOf);
  while (taken.length > 0) {
    for (const { survivorId } of taken) survivors.add(survivorId);
    await takeFrom(db, taken);
    const below = taken;
    const above = await db.query<sql.Given & { merged_id: string }>(
      sql.standingMerges(
        db.company.id,
        below.map(({ survivorId }) => survivorId),
      ),
    );
    taken = above.flatMap((row) =>
      below.filter(({ survivorId }) => survivorId === row.merged_id).flatMap((each) => both(takenOf(row), each)),
    );
  }
  return [...survivors];
}

const takenOf = ({ survivor_id, given }: sql.Given): Taken => ({
  survivorId: survivor_id,
  tags: given.tags ?? [],
  fields: given.fields ?? {},
});

async function takeFrom(db: CompanyDb, taken: readonly Taken[]): Promise<void> {
  const brought = taken.flatMap(({ survivorId, tags: ids }) => ids.map((tag) => ({ survivorId, tag })));
  if (brought.length > 0) {
    const [customers, tagIds] = [brought.map(({ survivorId }) => survivorId), brought.map(({ tag }) => tag)];
    await tags.takeBack(db, await db.query(sql.unbrought(db.company.id, customers, tagIds)));
  }
  const fields = taken.flatMap(({ survivorId: id, fields: each }) =>
    Object.keys(each).length > 0 ? [{ id, ...each }] : [],
  );
  if (fields.length > 0) await db.execute(sql.takeBackFields(db.company.id, JSON.stringify(fields)));
}

/** Of what went up by a merge the part that had come from below. */
function both(up: Taken, below: Taken): Taken[] {
  const ids = up.tags.filter((tag) => below.tags.includes(tag));
  const fields: sql.Fields = Object.fromEntries(
    Object.entries(up.fields).filter(([name, value]) => below.fields[name as keyof sql.Fields] === value),
  );
  return ids.length > 0 || Object.keys(fields).length > 0 ? [{ ...up, tags: ids, fields }] : [];
}
