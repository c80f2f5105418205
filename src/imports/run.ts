import { lock } from '../identity/identity.ts';
import { storeImportRows } from '../ingest/ingest.ts';
import { newId } from '../kernel/id.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { type Needed, Stopped } from './check.ts';
import { deliver } from './deliver.ts';
import { recordConsents } from './gifts/consents.ts';
import { giveAll } from './gifts/gifts.ts';
import { type Foreseen, foresee, mergedOf, openKnown } from './known/known.ts';
import * as sql from './sql.ts';
import { proofOf, type Understood, understand } from './understand.ts';

/**
 * Rows of a batch. While one is stored, whoever else decides in the company who is who waits (an edit, a merge, orders of the API), so the
 * next one is as large as should be done in so many milliseconds, those not counted in which it waited for others
 * itself. The most is small enough to die young: what outlives a few collections makes the heap grow.
 */
const BATCH = { first: 100, least: 10, most: 500, milliseconds: 120 };

export const nextBatch = (rows: number, milliseconds: number): number =>
  Math.round(Math.min(BATCH.most, 2 * rows, Math.max(BATCH.least, (rows * BATCH.milliseconds) / milliseconds)));

interface Attempt extends sql.Begun {
  id: string;
  attempt: string;
}

/**
 * Brings the rows of a checked import to the customers, batch by batch (C-13): each batch is one transaction that stores the proof, what the
 * customers get besides, and what became of the rows. A run that was cut off goes on where it was; rows with an outcome are done.
 */
export async function run(services: Needed, company: Company, id: string, signal: AbortSignal): Promise<void> {
  const attempt = newId();
  const [begun] = await services.tenancy.inCompany(company, (db) => db.query<sql.Begun>(sql.beginRun(id, attempt)));
  if (!begun) return;
  try {
    for (let rows = BATCH.first; rows > 0; ) {
      const held = await step(services, company, { ...begun, id, attempt }, rows);
      signal.throwIfAborted();
      rows = held === null ? 0 : nextBatch(rows, held);
    }
    await deliver(services, company, id, attempt);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

/** For how many milliseconds others had to wait; null: no row was left. */
async function step({ tenancy }: Needed, company: Company, attempt: Attempt, rows: number): Promise<number | null> {
  let began = 0;
  const more = await tenancy.inCompany(company, async (db) => {
    // Whoever decides who is who waits for the lock, and takes it before anything else.
    await lock(db);
    began = performance.now();
    const waiting = await db.query<sql.WaitingRow>(sql.waiting(attempt.id, rows));
    const ours = await db.execute(sql.noteProgress(attempt.id, attempt.attempt, 'running', waiting.length));
    if (ours === 0) throw new Stopped();
    if (waiting.length === 0) return false;
    await settle(db, attempt, waiting);
    return true;
  });
  return more ? performance.now() - began : null;
}

interface Settled {
  row: Understood;
  fate: Foreseen;
}

async function settle(db: CompanyDb, attempt: Attempt, waiting: readonly sql.WaitingRow[]): Promise<void> {
  const read = waiting.map((row) => ({ line: Number(row.line), ...again(db.company, attempt, row) }));
  const rows = read.flatMap((each) => ('understood' in each ? [each.understood] : []));
  const fates = await foresee(db, await openKnown(db), rows);
  const settled = rows.map((row, at): Settled => ({ row, fate: fates[at] as Foreseen }));
  const taken = settled.filter(({ fate }) => fate.outcome !== 'refused');
  const at = attempt.started_at;
  const results = await storeImportRows(
    db,
    taken.map(({ row }) => proofOf(row)),
    at,
  );
  const customerIds = new Map(taken.map(({ row }, n) => [row.line, results[n]?.customerId ?? null]));
  const merged = await mergedOf(
    db,
    taken.flatMap(({ fate }) => (fate.outcome === 'merged' ? fate.owners : [])),
  );
  await giveAll(
    db,
    attempt,
    taken.flatMap(({ row, fate }) => {
      const customerId = customerIds.get(row.line);
      return customerId ? [{ customerId, fate }] : [];
    }),
  );
  await recordConsents(
    db,
    attempt,
    taken.map(({ row }) => row),
  );
  const outcomes = settled.map(({ row, fate }) => {
    const customerId = customerIds.get(row.line) ?? null;
    const outcome = outcomeOf(fate, customerId, merged);
    return { line: row.line, outcome, customer_id: customerId, problems: fate.problems };
  });
  const gone = read.flatMap((each) =>
    'problems' in each ? [{ line: each.line, outcome: 'refused', customer_id: null, problems: each.problems }] : [],
  );
  await db.execute(sql.settle(attempt.id, JSON.stringify([...outcomes, ...gone])));
}

/** Two whom a person keeps apart stay two, whatever a file says; a row that came to nobody has changed nothing. */
function outcomeOf({ outcome, owners }: Foreseen, customerId: string | null, merged: ReadonlySet<string>): sql.Outcome {
  if (outcome === 'refused') return outcome;
  if (customerId === null) return 'unchanged';
  return outcome === 'merged' && owners.length > 1 && !owners.some((id) => merged.has(id)) ? 'updated' : outcome;
}

/**
 * What the check could read can be read again, the same cells by the same columns, unless the person was erased since: then nothing of the
 * row is left.
 */
function again({ country }: Company, { mapping, reading }: Attempt, { line, cells }: sql.WaitingRow) {
  if (cells.length === 0) return { problems: [{ code: 'erased', column: null }] };
  return understand({ line: Number(line), cells, faults: {} }, mapping.columns, country, reading.width);
}
