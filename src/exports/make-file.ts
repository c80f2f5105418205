import { createHash } from 'node:crypto';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { T } from '../platform/i18n.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanySnapshot } from '../tenancy/handles.ts';
import { columnsFor } from './columns.ts';
import { openTable } from './open-table.ts';
import * as sql from './sql.ts';
import type { Out } from './table.ts';

export interface Order {
  format: sql.Format;
  selection: sql.Selection;
  t: T;
  /** Told how far it is after every batch; throws to stop it. */
  progress(done: number, total: number): Promise<void>;
}

export interface FileFacts {
  rows: number;
  /** bytes */
  size: number;
  sha256: string;
}

// Big enough to be quick, small enough to die young: what survives a few batches makes the heap grow.
const BATCH: Record<sql.Format, number> = { csv: 500, xlsx: 200 };

/** Streams the selection into the file, in memory that does not grow with it. All of it is one moment of the database. */
export async function makeFile(snapshot: CompanySnapshot, order: Order, file: Writable): Promise<FileFacts> {
  const [counted] = await snapshot.query<{ count: number }>(sql.count(order.selection));
  const total = counted?.count ?? 0;
  const facts = { rows: 0, size: 0, sha256: '' };
  const sink = checksum(facts);
  const broken = new AbortController();
  const written = pipeline(sink, file).catch((error: unknown) => broken.abort(error));
  try {
    await fill(snapshot, order, total, facts, { sink, broken: broken.signal });
  } catch (error) {
    // What broke the file is the cause, not that the writer then waited in vain.
    const cause: unknown = broken.signal.aborted ? broken.signal.reason : error;
    sink.destroy();
    await written;
    throw cause;
  }
  await written;
  broken.signal.throwIfAborted();
  if (facts.rows !== total) throw new Error(`${facts.rows} rows were written, ${total} counted`);
  return facts;
}

async function fill(snapshot: CompanySnapshot, order: Order, total: number, facts: FileFacts, out: Out): Promise<void> {
  const { company } = snapshot;
  await order.progress(0, total);
  const table = await tableOf(company, order, out);
  const rows = snapshot.batches<sql.CustomerRow>(sql.customers(order.selection, company.timezone), BATCH[order.format]);
  for await (const batch of ahead(rows)) {
    out.broken.throwIfAborted();
    await table.add(batch);
    facts.rows += batch.length;
    await order.progress(facts.rows, total);
  }
  await table.end();
}

const tableOf = ({ currency }: Company, { format, t }: Order, out: Out) =>
  openTable(out, format, { columns: columnsFor(t, currency), currency, title: t('exports.sheet') });

/** Asks for the next batch before the last one is worked on: database and program work at the same time. */
async function* ahead<Batch>(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  const source = batches[Symbol.asyncIterator]();
  let next = source.next();
  try {
    for (let batch = await next; !batch.done; batch = await next) {
      next = source.next();
      yield batch.value;
    }
  } finally {
    await next.catch(() => {});
    await source.return?.();
  }
}

function checksum(facts: FileFacts): Transform {
  const hash = createHash('sha256');
  return new Transform({
    readableHighWaterMark: CHUNK,
    writableHighWaterMark: CHUNK,
    transform: (chunk: Buffer, _encoding, done) => {
      facts.size += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      facts.sha256 = hash.digest('hex');
      done();
    },
  });
}

const CHUNK = 256 * 1024;
