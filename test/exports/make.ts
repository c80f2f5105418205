import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import * as exports from '../../src/exports/exports.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company, Locale } from '../../src/tenancy/company.ts';
import { makeUser, type TestApp } from '../make.ts';

interface Wishes {
  format?: 'xlsx' | 'csv';
  filter?: string;
  locale?: Locale;
  userId?: string;
}

/** Asks for an export, as the button does; the job still has to run. Answers its id. */
export async function request(portal: TestApp, company: Company, wishes: Wishes = {}): Promise<string> {
  const userId = wishes.userId ?? (await makeUser(portal, { company })).id;
  const wish = { format: 'csv', filter: '', locale: 'en', ...wishes, userId } as const;
  const id = await portal.tenancy.inCompany(company, (db) => exports.request(db, wish));
  if (!id) throw new Error('There are too many unfinished exports');
  return id;
}

export async function fileOf(portal: TestApp, id: string): Promise<Buffer> {
  const { file_key: key } = await exportRow(portal, id);
  const file = key && (await portal.services.files.open(key));
  if (!file) throw new Error('The export has no file');
  return buffer(file.stream);
}

/** Asks, runs the job and reads the file: the rows as text, the header among them. */
export async function exported(portal: TestApp, company: Company, wishes: Wishes = {}): Promise<string[][]> {
  const id = await request(portal, company, wishes);
  await portal.runJobs();
  const bytes = await fileOf(portal, id);
  return wishes.format === 'xlsx' ? (await readXlsx(bytes)).flatMap(({ rows }) => rows.map(texts)) : readCsv(bytes);
}

export function readCsv(bytes: Buffer): string[][] {
  return parse(bytes, { bom: true });
}

export interface Sheet {
  name: string;
  rows: excel.CellValue[][];
}

export async function readXlsx(bytes: Buffer): Promise<Sheet[]> {
  const workbook = new excel.Workbook();
  await workbook.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer);
  return workbook.worksheets.map((sheet) => ({
    name: sheet.name,
    rows: Array.from({ length: sheet.rowCount }, (_, index) => {
      const row = sheet.getRow(index + 1);
      return Array.from({ length: sheet.columnCount }, (_, column) => row.getCell(column + 1).value);
    }),
  }));
}

/** What a reader of the sheet sees. */
export function text(value: excel.CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && 'richText' in value) return value.richText.map((piece) => piece.text).join('');
  return String(value);
}

const texts = (row: excel.CellValue[]) => row.map(text);

/** The cells below one header. */
export function column(rows: readonly string[][], header: string): string[] {
  const index = rows[0]?.indexOf(header) ?? -1;
  if (index < 0) throw new Error(`There is no column ${header}`);
  return rows.slice(1).map((row) => row[index] ?? '');
}

export interface ExportFacts {
  state: string;
  filter: string;
  error: string | null;
  file_key: string | null;
  rows_total: number | null;
  rows_done: number;
  size: number | null;
  sha256: string | null;
}

export async function exportRow({ database }: Pick<TestApp, 'database'>, id: string): Promise<ExportFacts> {
  const [row] = await database.prisma.$queryRaw<ExportFacts[]>(sql`
    select state, filter, error, file_key, rows_total::int as rows_total, rows_done::int as rows_done, size::int as size, sha256
    from export where id = ${id}::uuid`);
  if (!row) throw new Error('There is no such export');
  return row;
}

/** Every file of the company's exports, drafts among them. */
export function filesOf({ services }: Pick<TestApp, 'services'>, company: Company): string[] {
  const folder = join(services.config.dataDir, 'files', 'exports', company.id);
  return existsSync(folder) ? readdirSync(folder) : [];
}
