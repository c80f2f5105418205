import { Readable } from 'node:stream';
import type { Target } from '../../src/imports/columns.ts';
import { wantedColumns } from '../../src/imports/columns-view.ts';
import * as imports from '../../src/imports/imports.ts';
import type { Sampled } from '../../src/imports/sample.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { TestApp } from '../make.ts';

/** Brings the file as the upload does; answers the import's id. Throws FileError for a file that is refused at once. */
export async function bring(
  { services }: TestApp,
  company: Company,
  userId: string,
  bytes: Buffer | string,
  name = 'customers.csv',
): Promise<string> {
  const stream = Readable.from([Buffer.from(bytes)]);
  const brought = await imports.bring(services, company, userId, { name, stream, tooBig: () => false });
  if (!brought) throw new Error('The file was too big');
  return brought.id;
}

/** Says what the columns are (as guessed, unless given) and has all rows checked. */
export async function check(portal: TestApp, company: Company, id: string, columns?: Target[]): Promise<void> {
  await portal.tenancy.inCompany(company, async (db) => {
    const row = await imports.find(db, id);
    if (!row) throw new Error('There is no such import');
    const kept = await imports.setColumns(db, id, columns ?? wantedColumns(row), row.reading as Sampled, true);
    if (!kept) throw new Error(`An import that is ${row.state} cannot be checked`);
  });
  await portal.runJobs();
}

export async function start(portal: TestApp, company: Company, id: string, userId: string): Promise<void> {
  await portal.tenancy.inCompany(company, (db) => imports.start(db, id, userId));
}

/** The whole way of a file; answers the import's id. */
export async function importFile(
  portal: TestApp,
  company: Company,
  userId: string,
  bytes: Buffer | string,
  columns?: Target[],
): Promise<string> {
  const id = await bring(portal, company, userId, bytes);
  await check(portal, company, id, columns);
  await start(portal, company, id, userId);
  await portal.runJobs();
  return id;
}

export const importRow = async (portal: TestApp, company: Company, id: string): Promise<imports.ImportRow> => {
  const row = await portal.tenancy.inCompany(company, (db) => imports.find(db, id));
  if (!row) throw new Error('There is no such import');
  return row;
};

export interface StoredRow {
  line: number;
  cells: string[];
  expected: string;
  outcome: string | null;
  customer_id: string | null;
  problems: { code: string; column: number | null; given?: string }[];
}

export const rowsOf = ({ database }: TestApp, id: string): Promise<StoredRow[]> =>
  database.prisma.$queryRaw(sql`
    select line::int as line, cells, expected, outcome, customer_id, problems from import_row where import_id = ${id}::uuid order by line`);

export interface StoredCustomer {
  id: string;
  name: string;
  gender: string | null;
  region: string | null;
  note: string;
  channels: string;
  phones: string[];
  emails: string[];
  accounts: string[];
  tags: string[];
}

/** The customers that the list shows, in the order they came. */
export const customersOf = ({ database }: TestApp, company: Company): Promise<StoredCustomer[]> =>
  database.prisma.$queryRaw(sql`
    select c.id, c.name, c.gender, c.region, c.note, c.other_channels as channels,
           coalesce(array_agg(k.value order by k.position, k.value) filter (where k.kind = 'phone'), '{}') as phones,
           coalesce(array_agg(k.value order by k.position, k.value) filter (where k.kind = 'email'), '{}') as emails,
           coalesce(array_agg(k.value order by k.position, k.value) filter (where k.kind = 'account'), '{}') as accounts,
           coalesce((select array_agg(t.name order by t.name) from customer_tag u join tag t on t.id = u.tag_id
                     where u.company_id = c.company_id and u.customer_id = c.id), '{}') as tags
    from customer c left join contact k on k.company_id = c.company_id and k.customer_id = c.id
    where c.company_id = ${company.id}::uuid and c.listed group by c.company_id, c.id order by c.id`);
