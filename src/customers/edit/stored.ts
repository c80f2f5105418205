import type { CompanyReader } from '../../tenancy/handles.ts';
import type { Details } from './details.ts';
import * as sql from './sql.ts';

/** A customer as it is, with what the form has to know beside it. */
export interface Stored {
  id: string;
  /** rises with every save */
  version: bigint;
  details: Details;
  contacts: sql.ContactRow[];
  /** what the latest order says */
  said: sql.LatestRow;
}

/** Where a merged one leads; null: there is none of that id here, or it is deleted. `lock`: until the end of the transaction. */
export async function load(
  db: CompanyReader,
  id: string,
  lock: boolean,
): Promise<Stored | { mergedInto: string } | null> {
  const [row] = await db.query<sql.StoredRow>(sql.stored(id, lock));
  if (!row || row.deleted_at) return null;
  if (row.merged_into) return { mergedInto: row.merged_into };
  const contacts = await db.query<sql.ContactRow>(sql.contacts(id));
  const [said] = await db.query<sql.LatestRow>(sql.latest(id));
  if (!said) throw new Error('one row was asked for');
  return { id, version: row.version, contacts, said, details: detailsOf(row, contacts) };
}

function detailsOf(row: sql.StoredRow, contacts: readonly sql.ContactRow[]): Details {
  const { name, gender, region, other_channels: otherChannels, note, tags } = row;
  const hands = { name: row.name_by_hand, gender: row.gender_by_hand, region: row.region_by_hand };
  return {
    ...{ name, gender, region, otherChannels, note, tags },
    latest: (['name', 'gender', 'region'] as const).filter((field) => !hands[field]),
    phones: contacts
      .filter(({ kind }) => kind === 'phone')
      .map(({ value, given, channels }) => ({ value, given, channels })),
    emails: contacts.filter(({ kind }) => kind === 'email').map(({ value, given }) => ({ value, given })),
  };
}

/** What stays whoever takes it away in the form: who is who follows the evidence, and people's decisions (DESIGN §5). */
export const isFixed = ({ proved, shared }: Pick<sql.ContactRow, 'proved' | 'shared'>) => proved || shared;
