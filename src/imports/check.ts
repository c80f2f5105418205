import { newId } from '../kernel/id.ts';
import type { Company } from '../tenancy/company.ts';
import type { Services } from '../web/services.ts';
import { type Book, type Foreseen, foresee, openKnown } from './known/known.ts';
import { FileError } from './read/file-error.ts';
import type { TableRow } from './read/row.ts';
import { tableRows } from './read/table.ts';
import * as sql from './sql.ts';
import { type Problem, type Understood, understand } from './understand.ts';

export type Needed = Pick<Services, 'tenancy' | 'files' | 'clock' | 'config'>;

/** This attempt was cancelled, or another one has taken its place. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

const BATCH = 500;

interface Attempt extends sql.Begun {
  id: string;
  attempt: string;
}

/**
 * Reads the whole file and notes for each row what would become of it; nothing of it reaches a customer (C-13). May run again after it was cut
 * off: it begins anew. A file that cannot be read is told to who brought it, not tried again.
 */
export async function check(services: Needed, company: Company, id: string, signal: AbortSignal): Promise<void> {
  const attempt = await begin(services, company, id);
  if (!attempt) return;
  try {
    await checkAll(services, company, attempt, signal);
  } catch (error) {
    if (error instanceof Stopped) return;
    if (!(error instanceof FileError)) throw error;
    const told = error.line === null ? error.code : `${error.code}:${error.line}`;
    await services.tenancy.inCompany(company, (db) => db.execute(sql.failFile(id, attempt.attempt, told)));
  }
}

/** null: it is cancelled, or read already */
async function begin({ tenancy }: Needed, company: Company, id: string): Promise<Attempt | null> {
  const attempt = newId();
  return tenancy.inCompany(company, async (db) => {
    const [begun] = await db.query<sql.Begun>(sql.beginCheck(id, attempt));
    if (!begun) return null;
    await db.execute(sql.clearRows(id));
    return { ...begun, id, attempt };
  });
}

async function checkAll(services: Needed, company: Company, attempt: Attempt, signal: AbortSignal): Promise<void> {
  const book = await services.tenancy.inCompany(company, openKnown);
  const counts: Partial<Record<sql.Outcome, number>> = {};
  let rows = 0;
  for await (const batch of batches(services, attempt)) {
    signal.throwIfAborted();
    const checked = await checkBatch(services, company, attempt, book, batch);
    for (const outcome of checked) counts[outcome] = (counts[outcome] ?? 0) + 1;
    rows += batch.length;
  }
  if (rows === 0) throw new FileError('noRows');
  await services.tenancy.inCompany(company, async (db) => {
    const done = await db.execute(sql.finishCheck(attempt.id, attempt.attempt, rows, JSON.stringify(counts)));
    if (done === 0) throw new Stopped();
  });
}

async function* batches({ files }: Needed, { file_key: key, format, reading }: Attempt): AsyncGenerator<TableRow[]> {
  const file = key === null ? null : await files.open(key);
  if (!file) throw new FileError('gone');
  let [batch, skip]: [TableRow[], boolean] = [[], reading.heading];
  for await (const row of tableRows(file, format, reading)) {
    if (!skip) batch.push(row);
    skip = false;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function checkBatch(
  { tenancy }: Needed,
  company: Company,
  { id, attempt, mapping, reading }: Attempt,
  book: Book,
  batch: readonly TableRow[],
): Promise<sql.Outcome[]> {
  const read = batch.map((row) => understand(row, mapping.columns, company.country, reading.width));
  return tenancy.inCompany(company, async (db) => {
    const held = await db.execute(sql.noteProgress(id, attempt, 'checking', batch.length));
    if (held === 0) throw new Stopped();
    const foreseen = await foresee(db, book, goodOf(read));
    let next = 0;
    const rows = batch.map(({ line, cells }, at) => {
      const each = read[at];
      const fate = each && 'problems' in each ? refusal(each.problems) : (foreseen[next++] as Foreseen);
      const [customerId = null] = fate.owners;
      return {
        line,
        cells: cells.map(storable),
        expected: fate.outcome,
        customer_id: customerId,
        problems: fate.problems,
      };
    });
    await db.execute(sql.addRows(company.id, id, JSON.stringify(rows)));
    return rows.map(({ expected }) => expected);
  });
}

const goodOf = (read: ReturnType<typeof understand>[]): Understood[] =>
  read.flatMap((each) => ('understood' in each ? [each.understood] : []));

const refusal = (problems: Problem[]): Pick<Foreseen, 'outcome' | 'owners' | 'problems'> => ({
  outcome: 'refused',
  owners: [],
  problems,
});

/** PostgreSQL holds no half of a surrogate pair; NUL has been refused with the file. Such a cell is refused anyhow where it counts. */
const storable = (cell: string): string => cell.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
