import type { PortalDb } from '../../tenancy/handles.ts';
import { type CaseRow, ofNumber } from '../sql.ts';
import * as sql from './sql.ts';

/** So many texts of one author within a day are worth a look. */
export const FLOOD = 10;
// Short praise is the same from everybody.
const LEAST_LETTERS = 20;
const MOST_TWINS = 5;
const MOST_OTHERS = 10;

export interface History {
  /** what is published now: what a correction replaces, or what is answered or disputed */
  face: sql.FaceRow | null;
  /** of the company that wrote it, or disputes; then of the author of the review that is answered or disputed */
  companies: sql.CompanyRecordRow[];
  user: sql.RecordRow | null;
  /** other texts about the same number, newest first */
  others: CaseRow[];
  twins: sql.TwinRow[];
  /** texts of this author within a day */
  flood: number;
  /** the person behind the number objects to the sharing: nothing about it is shown at present */
  hidden: boolean;
}

/** What a moderator looks at beside a text (P-88): who wrote it, what came before, and whether it came before. */
export async function historyOf(db: PortalDb, found: CaseRow, userId: string): Promise<History> {
  const { kind, companyId, phoneKey, subjectId, reviewId, text, createdAt } = found;
  const [face] = await db.query<sql.FaceRow>(sql.face(reviewId));
  const [flood] = await db.query<{ count: number }>(sql.flood(companyId, phoneKey, createdAt));
  const companies = [kind === 'dispute' ? companyId : null, found.authorId].filter((id) => id !== null);
  const [user] = found.userId ? await db.query<sql.RecordRow>(sql.ofUser(found.userId)) : [];
  const [hidden] = await db.query(sql.hidden(phoneKey));
  const long = (text?.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= LEAST_LETTERS;
  return {
    face: face ?? null,
    companies: companies.length > 0 ? await db.query<sql.CompanyRecordRow>(sql.ofCompanies(companies)) : [],
    user: user ?? null,
    others: await db.query<CaseRow>(ofNumber(phoneKey, found.id, userId, MOST_OTHERS)),
    twins: long ? await db.query<sql.TwinRow>(sql.twins(text ?? '', subjectId, MOST_TWINS)) : [],
    flood: flood?.count ?? 0,
    hidden: hidden !== undefined,
  };
}
