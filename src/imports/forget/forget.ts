import { isNamedIn, type Named } from '../../kernel/mention.ts';
import * as notices from '../../notices/notices.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Needed } from '../check.ts';
import { FileError } from '../read/file-error.ts';
import { tableRows } from '../read/table.ts';
import * as sql from './sql.ts';

/** Who was erased, and what is done with the names of the files in which they are, in the transaction that takes them out. */
interface Gone {
  erasureId: string;
  named: Named;
  noteFiles(db: CompanyDb, fileNames: readonly string[]): Promise<void>;
  signal: AbortSignal;
}

/**
 * Of somebody who was erased: rows in which a contact of theirs stands are emptied, and files with such rows are thrown away. A file that
 * was not read yet goes with its import, and who brought it is told; what was checked goes on from its rows. Namesakes
 * stay, and so does what was brought after the erasure.
 */
export async function forgetNamed(services: Needed, company: Company, gone: Gone): Promise<void> {
  await emptyRows(services, company, gone);
  await clearTexts(services, company, gone);
  const files = await services.tenancy.inCompany(company, (db) => db.query<sql.FileRow>(sql.files(gone.erasureId)));
  for (const row of files) {
    gone.signal.throwIfAborted();
    if (await isInFile(services, company, row, gone)) await drop(services, company, row, gone);
  }
  // What a check has written meanwhile, of a file that is gone now.
  if (files.length > 0) await emptyRows(services, company, gone);
}

const BATCH = 2000;

/** By their key, each batch by itself: however many rows there are, none of its statements takes long. */
async function emptyRows({ tenancy }: Needed, company: Company, gone: Gone): Promise<void> {
  for (let last: sql.RowRow | undefined = BEFORE_ALL; last; ) {
    gone.signal.throwIfAborted();
    const { import_id: importId, line }: sql.RowRow = last;
    last = await tenancy.inCompany(company, (db) => emptyBatch(db, gone, importId, String(line)));
  }
}

const BEFORE_ALL: sql.RowRow = { import_id: '00000000-0000-0000-0000-000000000000', line: -1n, cells: null };

/** Answers the last row of the batch. */
async function emptyBatch(db: CompanyDb, gone: Gone, importId: string, line: string): Promise<sql.RowRow | undefined> {
  const rows = await db.query<sql.RowRow>(sql.rows(gone.erasureId, gone.named, importId, line, BATCH));
  const theirs = rows.filter(({ cells }) => cells && isNamedIn(cells, gone.named, db.company.country));
  if (theirs.length > 0) {
    const ids = theirs.map((row) => row.import_id);
    const files = await db.query<{ file_name: string }>(sql.fileNames(ids));
    await gone.noteFiles(
      db,
      files.map((file) => file.file_name),
    );
    const lines = theirs.map((row) => String(row.line));
    await db.execute(sql.empty(ids, lines));
  }
  return rows.at(-1);
}

/** The first rows that are shown while columns are chosen. */
async function clearTexts({ tenancy }: Needed, company: Company, { erasureId, named, noteFiles }: Gone): Promise<void> {
  const isTheirs = (row: { cells: string[] }) => isNamedIn(row.cells, named, company.country);
  await tenancy.inCompany(company, async (db) => {
    const samples = await db.query<sql.SampleRow>(sql.samples(erasureId, named));
    const theirs = samples.filter(({ rows }) => rows.some(isTheirs));
    if (theirs.length === 0) return;
    await noteFiles(
      db,
      theirs.map((sample) => sample.file_name),
    );
    const left = theirs.map(({ id, rows }) => ({
      id,
      rows: rows.map((row) => (isTheirs(row) ? { ...row, cells: row.cells.map(() => '') } : row)),
    }));
    await db.execute(sql.setSamples(JSON.stringify(left)));
  });
}

async function isInFile({ files }: Needed, company: Company, row: sql.FileRow, { named }: Gone): Promise<boolean> {
  const file = await files.open(row.file_key);
  if (!file) return false;
  try {
    for await (const { cells } of tableRows(file, row.format, row.reading)) {
      if (isNamedIn(cells, named, company.country)) return true;
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
async function drop(
  { tenancy, files }: Needed,
  company: Company,
  row: sql.FileRow,
  { noteFiles }: Gone,
): Promise<void> {
  await files.remove(row.file_key);
  await tenancy.inCompany(company, async (db) => {
    await noteFiles(db, [row.file_name]);
    const [ended] = await db.query<{ user_id: string | null }>(sql.drop(row.id));
    if (!ended?.user_id) return;
    const data = { file: row.file_name, path: '/imports' };
    await notices.post(db, { userId: ended.user_id, kind: 'import-dropped', data });
  });
}
