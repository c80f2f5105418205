import { isNamed, type Named } from '../../kernel/mention.ts';
import * as notices from '../../notices/notices.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Needed } from '../check.ts';
import { FileError } from '../read/file-error.ts';
import { tableRows } from '../read/table.ts';
import * as sql from './sql.ts';

/**
 * Of somebody who was erased: rows that name them are emptied, and files that do are thrown away. A file that was not read yet goes with
 * its import, and who brought it is told; what was checked goes on from its rows.
 */
export async function forgetNamed(
  services: Needed,
  company: Company,
  named: Named,
  signal: AbortSignal,
): Promise<void> {
  await emptyRows(services, company, named);
  await clearTexts(services, company, named);
  const files = await services.tenancy.inCompany(company, (db) => db.query<sql.FileRow>(sql.files()));
  for (const row of files) {
    signal.throwIfAborted();
    if (await fileNames(services, company, row, named)) await drop(services, company, row);
  }
  // What a check has written meanwhile, of a file that is gone now.
  if (files.length > 0) await emptyRows(services, company, named);
}

const BATCH = 1000;

async function emptyRows({ tenancy }: Needed, company: Company, named: Named): Promise<void> {
  for (let [importId, line, more] = [NONE, '-1', true]; more; ) {
    await tenancy.inCompany(company, async (db) => {
      const rows = await db.query<sql.RowRow>(sql.rows(named, importId, line, BATCH));
      const theirs = rows.filter(({ cells }) => cells.some((cell) => isNamed(cell, named, company.country)));
      if (theirs.length > 0) {
        const ids = theirs.map((row) => row.import_id);
        await db.execute(
          sql.empty(
            ids,
            theirs.map((row) => String(row.line)),
          ),
        );
      }
      const last = rows.at(-1);
      more = rows.length === BATCH && last !== undefined;
      if (last) [importId, line] = [last.import_id, String(last.line)];
    });
  }
}

const NONE = '00000000-0000-0000-0000-000000000000';

/** The first rows that are shown while columns are chosen. */
async function clearTexts({ tenancy }: Needed, company: Company, named: Named): Promise<void> {
  await tenancy.inCompany(company, async (db) => {
    const samples = await db.query<sql.SampleRow>(sql.samples(named));
    const left = samples.map(({ id, rows }) => ({
      id,
      rows: rows.map((row) =>
        row.cells.some((cell) => isNamed(cell, named, company.country))
          ? { ...row, cells: row.cells.map(() => '') }
          : row,
      ),
    }));
    if (left.length > 0) await db.execute(sql.setSamples(JSON.stringify(left)));
  });
}

async function fileNames({ files }: Needed, company: Company, row: sql.FileRow, named: Named): Promise<boolean> {
  const file = await files.open(row.file_key);
  if (!file) return false;
  try {
    for await (const { cells } of tableRows(file, row.format, row.reading)) {
      if (cells.some((cell) => isNamed(cell, named, company.country))) return true;
    }
    return false;
  } catch (error) {
    // What cannot be read may name anybody.
    if (error instanceof FileError) return true;
    throw error;
  } finally {
    file.stream.destroy();
  }
}

/** The file goes first, and only then what tells where it is. */
async function drop({ tenancy, files }: Needed, company: Company, row: sql.FileRow): Promise<void> {
  await files.remove(row.file_key);
  await tenancy.inCompany(company, async (db) => {
    const [ended] = await db.query<{ user_id: string | null; file_name: string }>(sql.drop(row.id));
    if (!ended?.user_id) return;
    const data = { file: ended.file_name, path: '/imports' };
    await notices.post(db, { userId: ended.user_id, kind: 'import-dropped', data });
  });
}
