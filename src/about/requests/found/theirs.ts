import * as reviews from '../../../reviews/reviews.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** What one company has of a number, as far as whoever proved the number today may have it. */
export interface Theirs {
  /** several people have the number, so that nothing of it is for one of them to take */
  shared: boolean;
  arrivals: sql.Found[];
  /** how many may be about somebody who had the number before */
  former: number;
  /** null: there is none, or it is the former owner's as well */
  contact: sql.ContactRow | null;
}

export async function theirs(db: CompanyDb, phone: string, now: Date): Promise<Theirs> {
  if ((await db.query(sql.shared(phone))).length > 0) return { shared: true, arrivals: [], former: 0, contact: null };
  const all = await db.query<sql.Found>(sql.found(phone));
  const [contact = null] = await db.query<sql.ContactRow>(sql.contact(phone));
  const arrivals = present(all, now);
  const former = all.length - arrivals.length;
  return { shared: false, arrivals, former, contact: arrivals.length > 0 || former === 0 ? contact : null };
}

/**
 * Who can receive an SMS today has not always had the number. By the same rule as of reviews: what was followed by a year of silence,
 * up to this moment, and what came with an entirely different name and e-mail than the latest, may be about a former owner.
 */
export function present<Row extends Omit<sql.Found, 'id' | 'kind' | 'customer_id'>>(
  rows: readonly Row[],
  now: Date,
): Row[] {
  const signs = [...rows.filter((row) => row.alive).map((row) => row.at), now];
  const latest = rows
    .filter((row) => row.name && row.emails.length > 0)
    .reduce<Row | null>((last, row) => (last && last.at >= row.at ? last : row), null);
  const here = latest ? knownAs(latest) : [];
  return rows.filter((row) => !reviews.mayBeFormer({ dealtAt: row.at, knownAs: knownAs(row) }, signs, here));
}

const knownAs = ({ name, emails }: Pick<sql.Found, 'name' | 'emails'>) =>
  reviews.knownAs(
    [{ kind: 'name', value: name ?? '' }, ...emails.map((value) => ({ kind: 'email' as const, value }))],
    (text) => text,
  );
