import { linksOf } from '../../identity/identity.ts';
import { newId } from '../../kernel/id.ts';
import { fold } from '../../kernel/text.ts';
import * as tags from '../../tags/tags.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { Understood } from '../understand.ts';
import { type Book, contactsOf, type Foreseen, openBook } from './book.ts';
import * as sql from './sql.ts';

export type { Book, Foreseen } from './book.ts';

/** For the rows of one file, in their order. */
export async function openKnown(db: CompanyReader): Promise<Book> {
  const names = [...(await tags.names(db)).values()].map(fold);
  return openBook(db.company.identity, names, tags.MOST_TAGS);
}

/** What becomes of each of these rows, after all rows that this book was asked about before. */
export async function foresee(db: CompanyReader, book: Book, rows: readonly Understood[]): Promise<Foreseen[]> {
  const contacts = rows.flatMap(contactsOf);
  const owners = await db.query<sql.OwnerRow>(
    sql.owners(
      contacts.map(({ kind }) => kind),
      contacts.map(({ value }) => value),
    ),
  );
  const stored = await db.query<sql.CameRow>(sql.came(rows.map(({ proof }) => proof)));
  const came = new Map(stored.map((row) => [row.external_id, row.customer_id]));
  const incoming = rows.map((row) => ({ id: newId(), name: row.name, contacts: contactsOf(row).map(asGiven) }));
  const met = [...owners.map((row) => row.customer_id), ...came.values()];
  const { apart, moves } = await linksOf(db, incoming, met);
  const wanted = [...new Set([...met, ...moves.values()])].filter((id) => book.lacks(id));
  const faces = wanted.length > 0 ? await db.query<sql.FaceRow>(sql.faces(wanted)) : [];
  book.learn({ owners, faces, apart });
  return rows.map((row, at) =>
    book.foresee(row, { came: came.get(row.proof), moved: moves.get(incoming[at]?.id ?? '') }),
  );
}

const asGiven = <Contact extends { value: string }>(contact: Contact) => ({ ...contact, given: contact.value });

/** Which of these customers are one with another now. */
export async function mergedOf(db: CompanyReader, ids: readonly string[]): Promise<Set<string>> {
  const rows = ids.length > 0 ? await db.query<{ id: string }>(sql.merged([...new Set(ids)])) : [];
  return new Set(rows.map(({ id }) => id));
}
