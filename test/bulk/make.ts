import * as bulk from '../../src/bulk/bulk.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeUser, type TestApp } from '../make.ts';
import { rows } from '../tags/make.ts';

export interface Facts {
  state: string;
  total: number | null;
  seen: number;
  changed: number;
  undone: number;
  error: string | null;
}

export async function bulkRow(portal: TestApp, id: string): Promise<Facts> {
  const [row] = await rows<Facts>(
    portal,
    sql`
    select state, total::int as total, seen::int as seen, changed::int as changed, undone::int as undone, error
    from bulk where id = ${id}::uuid`,
  );
  if (!row) throw new Error('There is no such bulk');
  return row;
}

interface Wishes {
  name?: string;
  action?: bulk.Action;
  filter?: string;
  ids?: readonly string[];
  userId?: string;
}

/** Asks for it as the page does; the job, if it needs one, still has to run. Answers its id. */
export async function ask(portal: TestApp, company: Company, wishes: Wishes = {}): Promise<string> {
  const { name = 'VIP', action = 'tag', filter = '', ids } = wishes;
  const userId = wishes.userId ?? (await makeUser(portal, { company })).id;
  const whom = ids ? { ids } : { filter };
  const wish = { userId, action, tag: name, whom, now: portal.services.clock() };
  const asked = await portal.tenancy.inCompany(company, (db) => bulk.request(db, wish));
  if (!asked) throw new Error('There are too many unfinished ones');
  return asked.id;
}

/** Who has the tag, who gave it and when, exactly: what an undo must bring back. */
export const stateOf = (portal: TestApp, company: Company) =>
  rows<{ customer_id: string; tag_id: string; user_id: string | null; at: string }>(
    portal,
    sql`
    select customer_id, tag_id, user_id, at::text as at from customer_tag where company_id = ${company.id}::uuid
    order by customer_id, tag_id`,
  );
