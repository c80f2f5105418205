import { nationalDigits, parsePhone } from '../../../kernel/phone.ts';
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
  for (const { id, rows: shown } of await db.query<sql.SampleRow>(sql.lockSamples(nationalDigits(phone)))) {
    const left = shown.map((row) =>
      isNamedIn(row.cells, phone, db.company.country) ? { ...row, cells: row.cells.map(() => '') } : row,
    );
    await db.execute(sql.setSample(id, JSON.stringify(left)));
  }
  return rows.length;
}

export const hasSample = async (db: CompanyDb, phone: string): Promise<boolean> =>
  (await db.query(sql.samples(nationalDigits(phone)))).length > 0;

/** The file goes first, and only then what tells where it is. */
export async function dropFiles(db: CompanyDb, files: Services['files']): Promise<void> {
  for (const { id, file_key: key } of await db.query<{ id: string; file_key: string }>(sql.filesOver())) {
    await files.remove(key);
    await db.execute(sql.dropFile(id));
  }
}

/** Whether the number stands in a cell, however it was written, alone or among words. */
export function isNamedIn(cells: unknown, phone: string, country: string): boolean {
  if (typeof cells === 'string') return isSpelledIn(cells, phone, country);
  if (typeof cells !== 'object' || cells === null) return false;
  return Object.values(cells).some((cell) => isNamedIn(cell, phone, country));
}

const LIKE_A_NUMBER = /[+＋(]?[\p{Nd}][\p{Nd}\s\p{Pd}−().（）/]*[\p{Nd}]/gu;

function isSpelledIn(text: string, phone: string, country: string): boolean {
  const read = (part: string) => parsePhone(part, country)?.e164 === phone;
  if (read(text) || text.split(/[,;\n]/).some(read)) return true;
  const spellings = [phone.replace(/\D/g, ''), nationalDigits(phone)];
  return (text.match(LIKE_A_NUMBER) ?? []).some(
    (part) => read(part) || spellings.includes(part.normalize('NFKC').replace(/\D/g, '').replace(/^0+/, '')),
  );
}
