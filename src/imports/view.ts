import { dayOf } from '../kernel/time.ts';
import type { CompanyContext } from '../web/context.ts';
import { DAYS_KEPT, type ImportRow, OUTCOMES, type Outcome, type Shelf, type State } from './imports.ts';
import { FILE_ERRORS } from './read/file-error.ts';
import { MAX_BYTES, MAX_COLUMNS, MAX_ROWS } from './read/limits.ts';

declare module '../web/views.ts' {
  interface Views {
    'imports/list': ImportsModel;
    'imports/new': NewModel;
    'imports/run': RunModel;
  }
}

export interface ImportsModel {
  imports: ImportModel[];
  /** something is being done: the page looks again by itself */
  unfinished: boolean;
  here: string;
  older: string | null;
  newest: boolean;
}

interface ImportModel {
  id: string;
  name: string;
  state: string;
  pill: Pill;
  /** who brought it, and when */
  brought: string;
  facts: string;
  progress: ProgressModel | null;
}

type Pill = 'pill-good' | 'pill-bad' | 'pill-warn' | '';

export interface ProgressModel {
  done: number;
  total: number;
  text: string;
}

export interface NewModel {
  error: string | null;
  limits: string;
}

/** The second question, before what cannot be taken back. */
export interface RunModel {
  id: string;
  name: string;
  counts: { label: string; count: string }[];
  refused: string | null;
}

export function importsModel(ctx: CompanyContext, shelf: Shelf, before: string | null): ImportsModel {
  const imports = shelf.imports.map((row) => importModel(ctx, row));
  const last = shelf.imports.at(-1);
  return {
    imports,
    unfinished: imports.some(({ progress }) => progress !== null),
    here: before ? `/imports?before=${before}` : '/imports',
    older: shelf.more && last ? `/imports?before=${last.id}` : null,
    newest: before !== null,
  };
}

function importModel(ctx: CompanyContext, row: ImportRow): ImportModel {
  return {
    id: row.id,
    name: row.file_name,
    state: ctx.t(`imports.state.${row.state}`),
    pill: PILLS[row.state],
    brought: brought(ctx, row),
    facts: countsText(ctx, row),
    progress: progressOf(ctx, row),
  };
}

export const PILLS: Record<State, Pill> = {
  uploaded: 'pill-warn',
  checking: 'pill-warn',
  checked: 'pill-warn',
  queued: 'pill-warn',
  running: 'pill-warn',
  done: 'pill-good',
  failed: 'pill-bad',
  cancelled: '',
};

export function brought({ t, format }: CompanyContext, row: ImportRow): string {
  const at = format.dateTime(row.created_at);
  return row.user_name === null ? at : t('imports.brought', { name: row.user_name, at });
}

/** `120 new · 3 refused`; empty before anything is known. */
function countsText({ t, format }: CompanyContext, { counts }: ImportRow): string {
  const told = OUTCOMES.flatMap((outcome) => {
    const count = counts[outcome] ?? 0;
    return count > 0 ? [t(`imports.count.${outcome}`, { count, n: format.number(count) })] : [];
  });
  return told.join(' · ');
}

/** null: nobody works on it */
export function progressOf({ t, format }: CompanyContext, row: ImportRow): ProgressModel | null {
  if (row.state !== 'checking' && row.state !== 'queued' && row.state !== 'running') return null;
  const done = Number(row.rows_done);
  if (row.rows_total === null) {
    return { done: 0, total: 0, text: t('imports.progress.read', { count: done, n: format.number(done) }) };
  }
  const total = Number(row.rows_total);
  const text = t('imports.progress.of', { done: format.number(done), total: format.number(total) });
  return { done, total: Math.max(total, 1), text };
}

/** Why a file, or an import, cannot go on. `code`: of a FileError, or `unknown`. */
export function faultText({ t, format }: CompanyContext, code: string, line: number | null): string {
  const known = FILE_ERRORS.find((each) => each === code) ?? 'unknown';
  const text = t(`imports.fileError.${known}`, { rows: format.number(MAX_ROWS), columns: format.number(MAX_COLUMNS) });
  return line === null ? text : `${t('imports.atLine', { line: format.number(line) })} ${text}`;
}

export function newModel({ t, format }: CompanyContext, error: string | null): NewModel {
  const limits = t('imports.upload.limits', {
    size: format.number(MAX_BYTES / 1024 / 1024),
    rows: format.number(MAX_ROWS),
    count: DAYS_KEPT,
  });
  return { error, limits };
}

export function runModel(ctx: CompanyContext, row: ImportRow): RunModel {
  const { t, format } = ctx;
  const wanted: readonly Outcome[] = ['created', 'updated', 'merged', 'unchanged'];
  const refused = row.counts.refused ?? 0;
  return {
    id: row.id,
    name: row.file_name,
    counts: wanted.map((outcome) => ({
      label: t(`imports.outcome.${outcome}`),
      count: format.number(row.counts[outcome] ?? 0),
    })),
    refused: refused > 0 ? t('imports.run.refused', { count: refused, n: format.number(refused) }) : null,
  };
}

/** `Refused rows of customers.csv 2026-11-21.csv` */
export function refusedName({ t, company, now }: CompanyContext, row: ImportRow): string {
  const name = t('imports.refusedName', { file: row.file_name, day: dayOf(now, company.timezone) });
  return `${name.replace(/[\p{Cc}\\/:*?"<>|]+/gu, '-').slice(0, 150)}.csv`;
}
