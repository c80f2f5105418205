import { once } from 'node:events';
import type { CompanyContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import type { Target } from './columns.ts';
import { columnsModel, wantedColumns } from './columns-view.ts';
import * as imports from './imports.ts';
import { readColumns, readReading } from './input.ts';
import { FileError } from './read/file-error.ts';
import { refusedHeading, refusedLine, reportModel } from './report-view.ts';
import { type Sampled, sample } from './sample.ts';
import { faultText, importsModel, refusedName, runModel } from './view.ts';

const PER_PAGE = 20;
const ROWS_PER_PAGE = 50;

export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const shelf = await ctx.services.tenancy.reading(ctx.company, (db) => imports.list(db, PER_PAGE, before));
  await ctx.render('imports/list', importsModel(ctx, shelf, before));
}

/** One import, at whatever it has come to: its columns, how far it is, what would happen, or what happened. */
export async function show(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  if (isOpen(row) && (row.state !== 'checked' || ctx.req.query.columns === '1')) return showColumns(ctx, row);
  const { wanted, after } = place(ctx);
  const by = row.state === 'checked' ? 'expected' : 'outcome';
  const working = row.state === 'checking' || row.state === 'queued' || row.state === 'running';
  const model = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const page = working ? null : await imports.report(db, row.id, by, wanted, after, ROWS_PER_PAGE);
    const earlier = row.state === 'checked' ? await imports.importedBefore(db, row.id) : null;
    return reportModel(ctx, row, { page, by, wanted, after, earlier });
  });
  await ctx.render('imports/show', model);
}

const isOpen = (row: imports.ImportRow) =>
  row.started_at === null && row.file_key !== null && ['uploaded', 'checked', 'failed'].includes(row.state);

function place({ req }: CompanyContext): { wanted: imports.Outcome | null; after: string } {
  const { outcome, after } = req.query;
  const wanted = imports.OUTCOMES.find((each) => each === outcome) ?? null;
  return { wanted, after: typeof after === 'string' && /^\d{1,15}$/.test(after) ? after : '0' };
}

function showColumns(ctx: CompanyContext, row: imports.ImportRow): Promise<void> {
  const [code = '', line] = (row.error ?? '').split(':');
  const fault = code === '' ? null : faultText(ctx, code, line === undefined ? null : Number(line));
  return ctx.render('imports/columns', columnsModel(ctx, row, { columns: wantedColumns(row), fault, errors: {} }));
}

/** Another encoding, another delimiter: the first rows are read anew and shown. */
export async function saveReading(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const reading = readReading(ctx.req.body, row.reading);
  if (!isOpen(row) || !row.file_key) return tooLate(ctx, row.id);
  try {
    const sampled = await sample(ctx.services.files, row.file_key, row.format, reading);
    const kept = await ctx.services.tenancy.inCompany(ctx.company, (db) => imports.setReading(db, row.id, sampled));
    if (!kept) return tooLate(ctx, row.id);
    ctx.redirect(`/imports/${row.id}?columns=1`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const shown = { ...row, reading: { ...reading, width: 0, rows: [] } as Sampled };
    const fault = faultText(ctx, error.code, error.line);
    await ctx.render('imports/columns', columnsModel(ctx, shown, { columns: [], fault, errors: {} }), 422);
  }
}

/** What the columns are. "Check" goes on from here: it looks at all rows and writes nothing. */
export async function saveMapping(ctx: CompanyContext): Promise<void> {
  const { t, services, company, req } = ctx;
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  if (!isOpen(row)) return tooLate(ctx, row.id);
  const { columns, errors } = readColumns(req.body, row.reading.width ?? 0);
  if (Object.keys(errors).length > 0) return showRefused(ctx, row, columns, errors);
  const check = req.body?.do !== 'preview';
  const kept = await services.tenancy.inCompany(company, async (db) => {
    if (check && !(await imports.hasRoom(db))) return 'full';
    return imports.setColumns(db, row.id, columns, row.reading as Sampled, check);
  });
  if (kept === 'full') return showRefused(ctx, row, columns, { columns: 'imports.columns.full' });
  if (!kept) return tooLate(ctx, row.id);
  ctx.redirect(check ? `/imports/${row.id}` : `/imports/${row.id}?columns=1#preview`, {
    kind: 'done',
    text: t(check ? 'imports.told.checking' : 'imports.told.previewed'),
  });
}

function showRefused(ctx: CompanyContext, row: imports.ImportRow, columns: Target[], errors: Record<string, string>) {
  const words = Object.fromEntries(Object.entries(errors).map(([field, key]) => [field, ctx.t(key)]));
  return ctx.render('imports/columns', columnsModel(ctx, row, { columns, fault: null, errors: words }), 422);
}

export async function confirmRun(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (row?.state !== 'checked') return ctx.notFound();
  await ctx.render('imports/run', runModel(ctx, row));
}

export async function startRun(ctx: CompanyContext): Promise<void> {
  const { t, services, company, member } = ctx;
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const started = await services.tenancy.inCompany(company, (db) => imports.start(db, row.id, member.user.id));
  if (!started) return tooLate(ctx, row.id);
  ctx.redirect(`/imports/${row.id}`, { kind: 'done', text: t('imports.told.started', { email: member.user.email }) });
}

export async function cancel(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const done = await imports.cancel(ctx.services, ctx.company, row.id, ctx.member.user.id);
  if (!done) return tooLate(ctx, row.id);
  ctx.redirect(`/imports/${row.id}`, { kind: 'done', text: ctx.t('imports.told.cancelled') });
}

function tooLate(ctx: CompanyContext, id: string): void {
  ctx.redirect(`/imports/${id}`, { kind: 'error', text: ctx.t('imports.told.tooLate') });
}

/** The refused rows as they were, each with its line and the reasons, to be mended and brought again. */
export async function downloadRefused(ctx: CompanyContext): Promise<void> {
  const { services, company, res, req } = ctx;
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  const by = row.state === 'checked' ? 'expected' : 'outcome';
  const page = (after: string) =>
    services.tenancy.reading(company, (db) => imports.report(db, row.id, by, 'refused', after, 1000));
  let { rows, next } = await page('0');
  if (rows.length === 0) return ctx.notFound();
  res.attachment(refusedName(ctx, row));
  res.type('text/csv; charset=utf-8');
  res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
  if (req.method === 'HEAD') return void res.end();
  res.write(refusedHeading(ctx, row));
  for (;;) {
    const text = rows.map((each) => refusedLine(ctx, row, each)).join('');
    if (!res.write(text) && !res.closed) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    if (next === null || res.closed) break;
    ({ rows, next } = await page(next));
  }
  res.end();
}

function found({ services, company, req }: CompanyContext): Promise<imports.ImportRow | null> {
  return services.tenancy.reading(company, (db) => imports.find(db, String(req.params.id)));
}
