import type { CompanyReader } from '../tenancy/handles.ts';
import { MOST_TAGS } from './edit.ts';
import * as sql from './sql.ts';

export interface Tagged {
  /** all tags of the company, by name */
  dictionary: sql.TagRow[];
  /** the tags of each customer or order asked about, by name; those without any are left out */
  of: Map<string, sql.TagRow[]>;
}

export async function ofCustomers(db: CompanyReader, customerIds: readonly string[]): Promise<Tagged> {
  return tagged(await db.query<sql.UsedRow>(sql.ofCustomers(customerIds, MOST_TAGS)));
}

export async function ofOrders(db: CompanyReader, orderIds: readonly string[]): Promise<Tagged> {
  return tagged(await db.query<sql.UsedRow>(sql.ofOrders(orderIds, MOST_TAGS)));
}

function tagged(rows: readonly sql.UsedRow[]): Tagged {
  const of: Tagged['of'] = new Map();
  for (const { used_by, ...tag } of rows) {
    for (const id of used_by) of.set(id, [...(of.get(id) ?? []), tag]);
  }
  return { dictionary: rows.map(({ id, name, colour }) => ({ id, name, colour })), of };
}
