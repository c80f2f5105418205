import { dayOf } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyContext, Context } from '../web/context.ts';
import { type Shelf, takenBy } from './exports.ts';
import type { ExportRow, State, Takeable } from './sql.ts';

declare module '../web/views.ts' {
  interface Views {
    'exports/list': ExportsModel;
    'exports/revocation': RevocationModel;
  }
}

export interface ExportsModel {
  exports: ExportModel[];
  /** something is being made: the page looks again by itself */
  unfinished: boolean;
  /** address of this page, to look again */
  here: string;
  /** address of the page with older ones */
  older: string | null;
  /** whether this is not the first page */
  newest: boolean;
}

interface ExportModel {
  id: string;
  kind: string;
  state: string;
  pill: 'pill-good' | 'pill-bad' | 'pill-warn' | '';
  /** who asked for it, and when */
  asked: string;
  /** what it found, how big it is; empty where there is nothing to tell yet */
  facts: string;
  sha256: string | null;
  error: string | null;
  /** address of the list that it was made from */
  customers: string;
  progress: { done: number; total: number; text: string } | null;
  /** that the link is on its way, and until when it works */
  link: string | null;
  canTake: boolean;
  canRevoke: boolean;
  canCancel: boolean;
}

export interface RevocationModel {
  id: string;
  asked: string;
  facts: string;
}

export function exportsModel(ctx: CompanyContext, shelf: Shelf, before: string | null): ExportsModel {
  const exports = shelf.exports.map((row) => exportModel(ctx, row));
  const last = exports.at(-1);
  return {
    exports,
    unfinished: exports.some(({ canCancel }) => canCancel),
    here: before ? `/exports?before=${before}` : '/exports',
    older: shelf.more && last ? `/exports?before=${last.id}` : null,
    newest: before !== null,
  };
}

function exportModel(ctx: CompanyContext, row: ExportRow): ExportModel {
  const { t, now } = ctx;
  const state = row.state === 'done' && !isFresh(row, now) ? 'expired' : row.state;
  return {
    id: row.id,
    kind: t(`exports.format.${row.format}`),
    state: t(`exports.state.${state}`),
    pill: PILLS[state],
    asked: asked(ctx, row),
    facts: facts(ctx, row),
    sha256: row.sha256,
    error: row.error && t(`exports.error.${row.error === 'full' ? 'full' : 'unknown'}`),
    customers: row.customer_id
      ? `/customers/${row.customer_id}`
      : row.filter
        ? `/customers?${row.filter}`
        : '/customers',
    progress: state === 'running' ? progress(ctx, row) : null,
    link: state === 'done' ? link(ctx, row) : null,
    canTake: state === 'done' && ctx.may(takenBy(row.format)),
    canRevoke: state === 'done',
    canCancel: state === 'queued' || state === 'running',
  };
}

const PILLS: Record<State, ExportModel['pill']> = {
  queued: '',
  running: 'pill-warn',
  done: 'pill-good',
  failed: 'pill-bad',
  cancelled: '',
  revoked: '',
  expired: '',
};

/** What is past its day counts as gone, whether the file has been thrown away yet or not. */
const isFresh = (row: ExportRow, now: Date) => row.expires_at !== null && row.expires_at > now;

function asked({ t, format }: CompanyContext, row: ExportRow): string {
  const at = format.dateTime(row.created_at);
  return row.user_name === null ? at : t('exports.asked', { name: row.user_name, at });
}

function facts({ t, format }: CompanyContext, row: ExportRow): string {
  if (row.size === null || row.rows_total === null) return '';
  const counted = row.customer_id ? 'exports.person.entries' : 'exports.rows';
  const rows = t(counted, { count: Number(row.rows_total), rows: format.number(row.rows_total) });
  const downloads = t('exports.downloads', { count: row.downloads });
  return [rows, size({ t, format }, Number(row.size)), downloads].join(' · ');
}

/** P-94. Who has left the company got no letter. */
function link({ t, format }: CompanyContext, row: ExportRow): string {
  const sent = row.user_name === null ? [] : [t('exports.sent')];
  const until = row.expires_at ? [t('exports.expires', { at: format.dateTime(row.expires_at) })] : [];
  return [...sent, ...until].join(' ');
}

function size({ t, format }: Pick<CompanyContext, 't' | 'format'>, bytes: number): string {
  if (bytes < 1e6) return t('exports.size.kb', { size: format.number(Math.ceil(bytes / 1e3)) });
  return t('exports.size.mb', { size: format.number(Math.round(bytes / 1e5) / 10) });
}

function progress({ t, format }: CompanyContext, row: ExportRow): ExportModel['progress'] {
  const [done, total] = [Number(row.rows_done), Number(row.rows_total ?? 0n)];
  const text = t('exports.progress', { done: format.number(done), total: format.number(total) });
  return { done, total: Math.max(total, 1), text };
}

export function revocationModel(ctx: CompanyContext, row: ExportRow): RevocationModel {
  return { id: row.id, asked: asked(ctx, row), facts: facts(ctx, row) };
}

/** The name under which the file is saved: `Customers of Acme 2026-11-21.xlsx`. */
export function fileName({ t }: Context, company: Company, { created_at, format }: Takeable): string {
  const name = t(format === 'person' ? 'exports.person.fileName' : 'exports.fileName', {
    company: company.name,
    day: dayOf(created_at, company.timezone),
  });
  return `${name.replace(/[\p{Cc}\\/:*?"<>|]+/gu, '-').slice(0, 150)}.${format === 'person' ? 'zip' : format}`;
}
