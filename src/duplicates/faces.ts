import * as customers from '../customers/customers.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** A customer as two of them are laid side by side: everything by which people tell one person from another. */
export interface Face {
  customer: customers.CustomerRow;
  contacts: sql.ContactRow[];
  tags: sql.TagRow[];
  /** its own first, then those of the customers that were merged into it */
  notes: sql.NoteRow[];
}

type Asking = Pick<CompanyReader, 'query'>;

/** Those of the customers that lists show, the oldest first. */
export async function faces(db: Asking, ids: readonly string[]): Promise<Face[]> {
  const rows = ids.length > 0 ? await customers.several(db, ids) : [];
  if (rows.length === 0) return [];
  const shown = rows.map(({ id }) => id);
  const [contacts, tags, notes] = await Promise.all([
    db.query<sql.ContactRow>(sql.contacts(shown)),
    db.query<sql.TagRow>(sql.tags(shown)),
    db.query<sql.NoteRow>(sql.notes(shown)),
  ]);
  return rows.map((customer) => {
    const own = <Row extends { customer_id: string }>(all: Row[]) =>
      all.filter(({ customer_id: id }) => id === customer.id);
    return { customer, contacts: own(contacts), tags: own(tags), notes: own(notes) };
  });
}
