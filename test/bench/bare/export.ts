import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import excel from 'exceljs';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { customers } from '../../../src/exports/sql.ts';
import { type Sql, sql } from '../../../src/platform/db.ts';
import { copyOut, withLiterals } from './copy-out.ts';
import { enter } from './sql.ts';

/**
 * The yardstick of exports: the same select by `COPY` into a file, or through exceljs's own streaming writer from a cursor.
 * `export.ts csv|xlsx <file> <region> …`, with DATABASE_URL, COMPANY and ZONE. Prints rows, milliseconds and the growth of memory.
 */
const [format, file = '', ...regions] = process.argv.slice(2);
const { DATABASE_URL, COMPANY = '', ZONE = 'UTC' } = process.env;

const selection = {
  where: sql`c.company_id = ${COMPANY}::uuid and c.listed and c.region = any(${regions}::text[])`,
  order: sql`c.latest_at desc, c.id desc`,
};

const client = new pg.Client({ connectionString: DATABASE_URL });
await client.connect();
await client.query('begin isolation level repeatable read read only');
await client.query(enter, [COMPANY]);
const started = { at: performance.now(), memory: process.memoryUsage.rss() };
let peak = started.memory;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
const statement = customers(selection, ZONE);
const rows = format === 'csv' ? await csv(statement) : await xlsx(statement);
clearInterval(timer);
const milliseconds = performance.now() - started.at;
process.stdout.write(JSON.stringify({ rows, milliseconds, growth: (peak - started.memory) / 2 ** 20 }));
await client.end();

async function csv(select: Sql): Promise<number> {
  const out = createWriteStream(file);
  const count = await copyOut(client, `copy (${withLiterals(select)}) to stdout (format csv, header)`, out);
  out.end();
  await once(out, 'finish');
  return count;
}

async function xlsx(select: Sql): Promise<number> {
  const workbook = new excel.stream.xlsx.WorkbookWriter({ filename: file });
  const sheet = workbook.addWorksheet('Customers');
  const cursor = client.query(new Cursor<Record<string, unknown>>(select.text, select.values as unknown[]));
  let count = 0;
  for (let batch = await cursor.read(1000); batch.length > 0; batch = await cursor.read(1000)) {
    for (const row of batch) sheet.addRow(Object.values(row)).commit();
    count += batch.length;
  }
  await workbook.commit();
  return count;
}
