import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export interface Trouble {
  letters: sql.TroubleRow[];
  /** whether there are older ones */
  more: boolean;
}

/** What could not be delivered, and what is tried again after it failed, newest first; never what stands in it. */
export async function trouble(db: PortalDb, per: number, before: string | null): Promise<Trouble> {
  const rows = await db.query<sql.TroubleRow>(sql.trouble(per + 1, before));
  return { letters: rows.slice(0, per), more: rows.length > per };
}
