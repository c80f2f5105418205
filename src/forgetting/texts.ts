import { isNamed, type Named, queryWithoutNamed, withoutNamed } from '../kernel/mention.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

type Db = Pick<CompanyDb | PortalDb, 'query' | 'execute'>;

/** Opens one short transaction where the place is. */
type Inside = <T>(work: (db: Db) => Promise<T>) => Promise<T>;

interface Gone {
  company: Company;
  named: Named;
  signal: AbortSignal;
}

const BATCH = 2000;

/** Takes the person out of the texts of each place. By batches, each by itself: however many rows there are, none takes long. */
export async function clearTexts(inside: Inside, places: readonly sql.Place[], gone: Gone): Promise<void> {
  for (const place of places) {
    for (let after: string | null | undefined = null; after !== undefined; ) {
      gone.signal.throwIfAborted();
      const last: string | null = after;
      after = await inside((db) => clearBatch(db, place, gone, last));
    }
  }
}

/** Answers the last one of the batch; undefined: there is none left. */
async function clearBatch(
  db: Db,
  place: sql.Place,
  { company, named }: Gone,
  after: string | null,
): Promise<string | undefined> {
  const rows = await db.query<sql.TextRow>(sql.texts(place, company.id, named, after, BATCH));
  for (const { id, value } of rows) {
    if (value === null) continue;
    const left = cleared(value, named, company.country, isNamedIn(value, named, company.country));
    if (JSON.stringify(left) !== JSON.stringify(value)) await db.execute(sql.setText(place, company.id, id, left));
  }
  return rows.find(({ last }) => last)?.id;
}

/** Whether a contact of the person stands in one of its texts: a name in another one is theirs then. */
function isNamedIn(value: unknown, named: Named, country: string): boolean {
  if (typeof value === 'string') return isNamed(value, named, country) || queryWithout(value, named, country) !== value;
  return typeof value === 'object' && value !== null
    ? Object.values(value).some((each) => isNamedIn(each, named, country))
    : false;
}

/** Every text inside; one that is an address is read as one. */
function cleared(value: unknown, named: Named, country: string, known: boolean): unknown {
  if (typeof value === 'string') {
    const left = withoutNamed(queryWithout(value, named, country, known), named, country, known);
    return left === value && isNamed(value, named, country) ? '…' : left;
  }
  if (Array.isArray(value)) return value.map((each) => cleared(each, named, country, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleared(each, named, country, known)]));
}

const queryWithout = (text: string, named: Named, country: string, known = false) =>
  /^(?:where|q|segment|sort|per)=/.test(text) ? queryWithoutNamed(text, named, country, known) : text;
