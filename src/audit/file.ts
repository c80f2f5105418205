import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvCell } from '../kernel/csv.ts';
import { log } from '../platform/log.ts';
import type { SignedInContext } from '../web/context.ts';
import type { EntryRow } from './sql.ts';
import { said } from './view.ts';

type Batch = { entries: EntryRow[]; more: boolean };

/**
 * The log as a table, newest first: asked for batch after batch, and only as fast as it is taken, so that its length costs no memory.
 * `next`: the batch below an entry.
 */
export async function logFile(ctx: SignedInContext, next: (before: string | null) => Promise<Batch>): Promise<void> {
  const { req, res, now } = ctx;
  res.attachment(`audit-${now.toISOString().slice(0, 10)}.csv`);
  res.type('text/csv; charset=utf-8');
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' });
  if (req.method === 'HEAD') return void res.end();
  await pipeline(Readable.from(lines(ctx, next)), res).catch((error: unknown) =>
    log.info({ err: error }, 'a download of the audit log broke off'),
  );
}

async function* lines(ctx: SignedInContext, next: (before: string | null) => Promise<Batch>): AsyncGenerator<string> {
  const { t } = ctx;
  const head = ['at', 'who', 'what', 'action', 'company', 'details'].map((name) => t(`admin.audit.column.${name}`));
  // A byte order mark, by which spreadsheets know UTF-8.
  yield `\uFEFF${line(head)}`;
  for (let before: string | null = null, more = true; more; ) {
    const batch: Batch = await next(before);
    if (batch.entries.length > 0) yield batch.entries.map((entry) => line(cells(ctx, entry))).join('');
    before = batch.entries.at(-1)?.id ?? null;
    more = batch.more;
  }
}

function cells(ctx: SignedInContext, entry: EntryRow): string[] {
  const { user, action, company, subject } = said(ctx, entry);
  const details = subject.map(({ name, value }) => `${name}: ${value}`).join('; ');
  return [entry.at.toISOString(), user, action, entry.action, company, details];
}

const line = (texts: readonly string[]): string => `${texts.map(csvCell).join(',')}\r\n`;
