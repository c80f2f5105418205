import { csvCell } from '../kernel/csv.ts';
import type { CompanyContext } from '../web/context.ts';
import { factsOf, headingOf, problemTexts } from './columns-view.ts';
import { type ImportRow, OUTCOMES, type Outcome, type ReportPage, type ReportRow } from './imports.ts';
import { type Understood, understand } from './understand.ts';
import { brought, faultText, PILLS, type ProgressModel, progressOf } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'imports/show': ReportModel;
  }
}

export interface ReportModel {
  title: string;
  id: string;
  state: string;
  pill: string;
  brought: string;
  /** what the page is about, in a sentence */
  about: string;
  here: string;
  progress: ProgressModel | null;
  error: string | null;
  /** the same file was imported before */
  earlier: { path: string; text: string } | null;
  counts: { label: string; count: string; path: string; current: boolean; outcome: Outcome | 'all' }[];
  rows: RowModel[];
  /** rows are kept for a time only */
  rowsGone: boolean;
  next: string | null;
  first: string | null;
  canRun: boolean;
  canGoOn: boolean;
  canChange: boolean;
  canCancel: boolean;
  refused: string | null;
}

interface RowModel {
  line: string;
  outcome: string;
  pill: string;
  facts: { label: string; value: string }[];
  customer: { path: string; name: string } | null;
  problems: string[];
}

interface Shown {
  /** null: nobody looks at rows while they are worked on */
  page: ReportPage | null;
  by: 'expected' | 'outcome';
  wanted: Outcome | null;
  after: string;
  earlier: { id: string; finished_at: Date } | null;
}

export function reportModel(ctx: CompanyContext, row: ImportRow, shown: Shown): ReportModel {
  const { t, format } = ctx;
  const { page, by, wanted, after, earlier } = shown;
  const { id, state } = row;
  const address = (query: Record<string, string>) => {
    const text = new URLSearchParams({ ...(wanted ? { outcome: wanted } : {}), ...query }).toString();
    return text === '' ? `/imports/${id}` : `/imports/${id}?${text}`;
  };
  const rows = page?.rows ?? [];
  return {
    title: row.file_name,
    id,
    state: t(`imports.state.${state}`),
    pill: PILLS[state],
    brought: brought(ctx, row),
    about: state === 'uploaded' ? '' : t(`imports.about.${state}`),
    here: `/imports/${id}`,
    progress: progressOf(ctx, row),
    error: state === 'failed' ? faultText(ctx, row.error ?? 'unknown', null) : null,
    earlier: earlier && {
      path: `/imports/${earlier.id}`,
      text: t('imports.earlier', { at: format.dateTime(earlier.finished_at) }),
    },
    counts: page ? countsOf(ctx, row, wanted) : [],
    rows: rows.map((each) => rowModel(ctx, row, each, by)),
    rowsGone:
      page !== null && rows.length === 0 && wanted === null && after === '0' && Object.keys(row.counts).length > 0,
    next: page?.next ? address({ after: page.next }) : null,
    first: after === '0' ? null : address({}),
    canRun: state === 'checked' && OUTCOMES.some((outcome) => outcome !== 'refused' && (row.counts[outcome] ?? 0) > 0),
    canGoOn: state === 'failed' && row.started_at !== null,
    canChange: state === 'checked',
    canCancel: !['done', 'failed', 'cancelled'].includes(state),
    refused: page && (row.counts.refused ?? 0) > 0 ? `/imports/${id}/refused/file` : null,
  };
}

function countsOf(ctx: CompanyContext, { id, counts }: ImportRow, wanted: Outcome | null): ReportModel['counts'] {
  const { t, format } = ctx;
  const all = OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
  const tile = (outcome: Outcome | 'all', count: number) => ({
    outcome,
    label: t(`imports.outcome.${outcome}`),
    count: format.number(count),
    path: outcome === 'all' ? `/imports/${id}` : `/imports/${id}?outcome=${outcome}`,
    current: (wanted ?? 'all') === outcome,
  });
  return [tile('all', all), ...OUTCOMES.map((outcome) => tile(outcome, counts[outcome] ?? 0))];
}

const OUTCOME_PILLS: Record<Outcome, string> = {
  created: 'pill-good',
  updated: '',
  merged: 'pill-warn',
  unchanged: '',
  refused: 'pill-bad',
};

function rowModel(ctx: CompanyContext, row: ImportRow, each: ReportRow, by: 'expected' | 'outcome'): RowModel {
  const { t, format } = ctx;
  const outcome = by === 'expected' ? each.expected : each.outcome;
  return {
    line: format.number(each.line),
    outcome: t(`imports.outcome.${outcome ?? 'waiting'}`),
    pill: outcome ? OUTCOME_PILLS[outcome] : '',
    facts: saidBy(ctx, row, each),
    customer:
      each.customer_id === null
        ? null
        : { path: `/customers/${each.customer_id}`, name: each.customer_name || t('imports.nameless') },
    problems: problemTexts(ctx, row, each.problems),
  };
}

/** As it was understood; of a refused row, the cells as they stand there. */
function saidBy(ctx: CompanyContext, row: ImportRow, { line, cells }: ReportRow) {
  const columns = row.mapping.columns ?? [];
  const given = { line: Number(line), cells, faults: {} };
  const read = understand(given, columns, ctx.company.country, row.reading.width ?? 0);
  if ('understood' in read) return factsOf(ctx, read.understood as Understood);
  return cells
    .map((cell, at) => ({ label: headingOf(ctx, row, at), value: cell.trim().slice(0, 300), at }))
    .filter(({ value, at }) => value !== '' && columns[at] !== 'ignore')
    .slice(0, 12);
}

/** The columns of the file, then two of ours; a byte order mark, by which spreadsheets know the encoding. */
export function refusedHeading(ctx: CompanyContext, row: ImportRow): string {
  const width = row.reading.width ?? 0;
  const headings = Array.from({ length: width }, (_, at) => headingOf(ctx, row, at));
  return `\uFEFF${csvLine([...headings, ctx.t('imports.refused.line'), ctx.t('imports.refused.reason')])}`;
}

export function refusedLine(ctx: CompanyContext, row: ImportRow, { line, cells, problems }: ReportRow): string {
  const width = Math.max(row.reading.width ?? 0, 0);
  const padded = Array.from({ length: width }, (_, at) => cells[at] ?? '');
  const reasons = problemTexts(ctx, row, problems).join(' ');
  // What stood right of the heading goes behind ours: the columns before stay what they are.
  return csvLine([...padded, String(line), reasons, ...cells.slice(width)]);
}

const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`;
