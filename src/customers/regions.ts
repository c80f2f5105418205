import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

const MANY = 500;

/** The regions that customers of the company have, for choosing (P-25). */
export async function regions(db: CompanyReader): Promise<string[]> {
  const rows = await db.query<{ region: string }>(sql.regions(MANY));
  return rows.map((row) => row.region);
}
