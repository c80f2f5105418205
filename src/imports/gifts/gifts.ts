import * as customers from '../../customers/customers.ts';
import { fold } from '../../kernel/text.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Foreseen } from '../known/known.ts';
import * as sql from './sql.ts';

export interface Gift {
  customerId: string;
  fate: Pick<Foreseen, 'outcome' | 'note' | 'channels' | 'tags'>;
}

/**
 * What customers get from a file besides the proof of who they are: a note and other channels where they have none, and tags. Who brought the
 * file stands in the history of each customer that it made or changed.
 */
export async function giveAll(db: CompanyDb, { user_id: userId }: { user_id: string | null }, gifts: readonly Gift[]) {
  const texts = new Map<string, { customer_id: string; note: string | null; channels: string | null }>();
  for (const { customerId, fate } of gifts) {
    if (fate.note === null && fate.channels === null) continue;
    const before = texts.get(customerId);
    const note = before?.note ?? fate.note;
    texts.set(customerId, { customer_id: customerId, note, channels: before?.channels ?? fate.channels });
  }
  if (texts.size > 0) await db.execute(sql.notes([...texts.keys()], JSON.stringify([...texts.values()])));
  await giveTags(db, userId, gifts);
  await customers.changes.write(
    db,
    gifts.filter(isNews).map((gift) => change(userId, gift)),
  );
}

async function giveTags(db: CompanyDb, userId: string | null, gifts: readonly Gift[]): Promise<void> {
  const ids = new Map<string, string>();
  for (const name of gifts.flatMap(({ fate }) => fate.tags)) {
    if (ids.has(fold(name)) || userId === null) continue;
    ids.set(fold(name), (await tags.ensure(db, name, userId)).id);
  }
  const rows = gifts.flatMap(({ customerId, fate }) =>
    fate.tags.flatMap((name) => {
      const tagId = ids.get(fold(name));
      return tagId ? [{ customer_id: customerId, tag_id: tagId }] : [];
    }),
  );
  if (rows.length > 0) await db.execute(sql.tag(db.company.id, userId, JSON.stringify(rows)));
}

const isNews = ({ fate }: Gift) => fate.outcome !== 'unchanged';

function change(userId: string | null, { customerId, fate }: Gift): customers.changes.Change {
  const changes: customers.changes.Difference[] = [
    ...(fate.note === null ? [] : [{ field: 'note' as const, before: null, after: fate.note }]),
    ...(fate.channels === null ? [] : [{ field: 'otherChannels' as const, before: null, after: fate.channels }]),
    ...(fate.tags.length === 0 ? [] : [{ field: 'tags' as const, before: null, after: fate.tags }]),
  ];
  return { customerId, userId, action: 'imported', changes };
}
