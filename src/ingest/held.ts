import { keyOf } from '../identity/identity.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Described } from './person.ts';
import * as sql from './sql.ts';

interface Again {
  id: string;
  described: Described;
  before: { customerId: string | null; gone: boolean; erased: boolean } | null;
}

/**
 * What is posted again of a customer that was deleted stays with that customer, by arrival id: news of an old order make nobody anew,
 * and of one that was erased nothing personal is kept. One that names a contact it did not name before is somebody else's now.
 */
export async function heldBack(
  db: CompanyDb,
  rows: readonly Again[],
): Promise<Map<string, { customerId: string; erased: boolean }>> {
  const gone = rows.filter(({ before }) => before?.gone);
  if (gone.length === 0) return new Map();
  const named = await db.query<Named>(
    sql.evidenceOf(
      db.company.id,
      gone.map(({ id }) => id),
    ),
  );
  const known = new Set(named.map(keyOf));
  const isHeld = ({ before, described }: Again) =>
    before?.erased || described.contacts.every((each) => known.has(keyOf(each)));
  return new Map(
    gone
      .filter(isHeld)
      .flatMap(({ id, before }) =>
        before?.customerId ? [[id, { customerId: before.customerId, erased: before.erased }]] : [],
      ),
  );
}

type Named = Pick<Described['contacts'][number], 'kind' | 'value'>;
