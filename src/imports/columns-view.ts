import { formatPhone } from '../kernel/phone.ts';
import type { CompanyContext } from '../web/context.ts';
import { type Choice, choices } from '../web/form.ts';
import { guessColumns, TARGETS, type Target } from './columns.ts';
import type { ImportRow } from './imports.ts';
import { DELIMITERS } from './read/delimiter.ts';
import { ENCODINGS } from './read/encoding.ts';
import type { TableRow } from './read/row.ts';
import type { Sampled } from './sample.ts';
import { type Problem, type Understood, understand } from './understand.ts';
import { brought } from './view.ts';

declare module '../web/views.ts' {
  interface Views {
    'imports/columns': ColumnsModel;
  }
}

export interface ColumnsModel {
  title: string;
  id: string;
  brought: string;
  /** why the file cannot be read this way */
  fault: string | null;
  /** how a text file is read; null: it is an .xlsx */
  text: { encodings: Choice[]; delimiters: Choice[]; quotes: Choice[] } | null;
  headings: Choice[];
  columns: ColumnModel[];
  error: string | null;
  preview: PreviewRow[];
}

interface ColumnModel {
  name: string;
  heading: string;
  samples: string[];
  targets: Choice[];
  error: string | null;
}

export interface PreviewRow {
  line: string;
  facts: { label: string; value: string }[];
  problems: string[];
}

interface State {
  columns: readonly Target[];
  fault: string | null;
  /** words by field */
  errors: Readonly<Record<string, string>>;
}

/** What a person said of the columns, or what they probably are. */
export function wantedColumns(row: ImportRow): Target[] {
  const { heading, rows = [] } = row.reading as Sampled;
  if (row.mapping.columns) return row.mapping.columns;
  const guessed = heading ? guessColumns(rows[0]?.cells ?? []) : byContent(rows, row.reading.width ?? 0);
  return guessed;
}

/** Without headings only addresses and numbers are plain to see. */
function byContent(rows: readonly TableRow[], width: number): Target[] {
  return Array.from({ length: width }, (_, at): Target => {
    const cells = rows.map(({ cells }) => cells[at]?.trim() ?? '').filter((cell) => cell !== '');
    if (cells.length > 0 && cells.every((cell) => cell.includes('@'))) return 'email';
    return cells.length > 0 && cells.every((cell) => /^[+\d][\d\s().-]{6,20}$/.test(cell)) ? 'phone' : 'ignore';
  });
}

export function columnsModel(ctx: CompanyContext, row: ImportRow, { columns, fault, errors }: State): ColumnsModel {
  const { t } = ctx;
  const { encoding, delimiter, quotes, heading, rows = [], width = 0 } = row.reading as Sampled;
  const yesNo = (key: string, now: boolean) =>
    choices(['yes', 'no'], now ? 'yes' : 'no', (value) => t(`imports.reading.${key}.${value}`));
  return {
    title: row.file_name,
    id: row.id,
    brought: brought(ctx, row),
    fault,
    text:
      row.format === 'xlsx'
        ? null
        : {
            encodings: choices(ENCODINGS, encoding, (value) => t(`imports.encoding.${value}`)),
            delimiters: choices(DELIMITERS, delimiter, (value) =>
              t(`imports.delimiter.${DELIMITER_NAMES[value] ?? ''}`),
            ),
            quotes: yesNo('quotes', quotes),
          },
    headings: yesNo('heading', heading),
    columns: Array.from({ length: width }, (_, at) => columnModel(ctx, row, at, columns[at] ?? 'ignore', errors)),
    error: errors.columns ?? null,
    preview: heading ? previewOf(ctx, row, columns, rows.slice(1)) : previewOf(ctx, row, columns, rows),
  };
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

function columnModel(
  ctx: CompanyContext,
  row: ImportRow,
  at: number,
  target: Target,
  errors: State['errors'],
): ColumnModel {
  const { heading, rows = [] } = row.reading as Sampled;
  const samples = rows.slice(heading ? 1 : 0).map(({ cells }) => cells[at]?.trim() ?? '');
  return {
    name: `c${at}`,
    heading: headingOf(ctx, row, at),
    samples: [...new Set(samples.filter((text) => text !== ''))].slice(0, 3).map((text) => short(text)),
    targets: choices(TARGETS, target, (value) => ctx.t(`imports.target.${value}`)),
    error: errors[`c${at}`] ?? null,
  };
}

/** What the file calls a column, or its number. */
export function headingOf({ t, format }: CompanyContext, row: ImportRow, at: number): string {
  const { heading, rows = [] } = row.reading as Sampled;
  const named = heading ? rows[0]?.cells[at]?.trim() : '';
  return named ? short(named) : t('imports.columns.number', { number: format.number(at + 1) });
}

const short = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function previewOf(
  ctx: CompanyContext,
  row: ImportRow,
  columns: readonly Target[],
  rows: readonly TableRow[],
): PreviewRow[] {
  if (columns.every((target) => target === 'ignore')) return [];
  return rows.map((each) => {
    const read = understand(each, columns, ctx.company.country, row.reading.width ?? 0);
    const line = ctx.format.number(each.line);
    if ('problems' in read) return { line, facts: [], problems: problemTexts(ctx, row, read.problems) };
    return { line, facts: factsOf(ctx, read.understood), problems: [] };
  });
}

/** What a row says, with numbers as they are written for reading. */
export function factsOf({ t, format }: CompanyContext, row: Understood): { label: string; value: string }[] {
  const answer = (granted: boolean | null) => (granted === null ? '' : t(`consents.said.${granted ? 'yes' : 'no'}`));
  const facts: [Target, string][] = [
    ['name', row.name ?? ''],
    ['phone', row.phones.map(formatPhone).join(', ')],
    ['email', row.emails.join(', ')],
    ['account', row.accounts.join(', ')],
    ['gender', row.gender ? t(`imports.gender.${row.gender}`) : ''],
    ['region', row.region ?? ''],
    ['note', row.note],
    ['tags', row.tags.join(', ')],
    ['channels', row.channels],
    ['smsConsent', answer(row.consent.sms)],
    ['emailConsent', answer(row.consent.email)],
    ['consentDay', row.consent.day === null ? '' : format.day(row.consent.day)],
    ['consentSource', row.consent.source ?? ''],
  ];
  return facts
    .filter(([, value]) => value !== '')
    .map(([target, value]) => ({ label: t(`imports.target.${target}`), value }));
}

/** `Mobile: “06712” is no phone number.` */
export function problemTexts(ctx: CompanyContext, row: ImportRow, problems: readonly Problem[]): string[] {
  return problems.map(({ code, column, given = '', most = 0 }) => {
    const text = ctx.t(`imports.problem.${code}`, { given: short(given), count: most });
    return column === null ? text : `${headingOf(ctx, row, column)}: ${text}`;
  });
}
