import { namesNumber } from '../../../kernel/mention.ts';
import { nationalDigits } from '../../../kernel/phone.ts';
import type { Company } from '../../../tenancy/company.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import type { Services } from '../../../web/services.ts';
import * as sql from './sql.ts';

/** Rows of imported files that name the number, also such as brought nobody: refused ones, and those that still wait. */
export async function rowsNaming(db: CompanyDb, phone: string): Promise<sql.ImportRow[]> {
  const rows = await db.query<sql.ImportRow>(sql.rows(nationalDigits(phone)));
  return rows.filter(({ cells }) => isNamedIn(cells, phone, db.company.country));
}

/** Empties them, and the first rows that are shown while columns are chosen. Needs `lock`: imports bring people under it. */
export async function forgetImported(db: CompanyDb, phone: string): Promise<number> {
  const rows = await rowsNaming(db, phone);
  if (rows.length > 0) {
    const places = [rows.map((row) => row.import_id), rows.map((row) => String(row.line))] as const;
    await db.execute(sql.blank(...places));
  }
  const samples = await db.query<sql.SampleRow>(sql.lockSamples(nationalDigits(phone)));
  const left = samples.map(({ id, rows: shown }) => ({
    id,
    rows: shown.map((row) =>
      isNamedIn(row.cells, phone, db.company.country) ? { ...row, cells: row.cells.map(() => '') } : row,
    ),
  }));
  if (left.length > 0) await db.execute(sql.setSamples(JSON.stringify(left)));
  return rows.length;
}

export const hasSample = async (db: CompanyDb, phone: string): Promise<boolean> =>
  (await db.query(sql.samples(nationalDigits(phone)))).length > 0;

/** The files go first, and only then what tells where they are. */
export async function dropFiles(
  { tenancy, files }: Pick<Services, 'tenancy' | 'files'>,
  company: Company,
): Promise<void> {
  const over = await tenancy.inCompany(company, (db) => db.query<{ id: string; file_key: string }>(sql.filesOver()));
  if (over.length === 0) return;
  for (const { file_key: key } of over) await files.remove(key);
  const ids = over.map(({ id }) => id);
  await tenancy.inCompany(company, (db) => db.execute(sql.dropFiles(ids)));
}

/** Whether the number stands in a cell, however it was written, alone or among words. */
export function isNamedIn(cells: unknown, phone: string, country: string): boolean {
  if (typeof cells === 'string') return namesNumber(cells, phone, country);
  if (typeof cells !== 'object' || cells === null) return false;
  return Object.values(cells).some((cell) => isNamedIn(cell, phone, country));
}
