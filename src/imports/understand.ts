import { hash } from 'node:crypto';
import type { ImportRow } from '../ingest/ingest.ts';
import { isCleanText } from '../kernel/text.ts';
import type { Target } from './columns.ts';
import type { CellFault, TableRow } from './read/row.ts';
import {
  readAccounts,
  readConsent,
  readConsentDay,
  readEmails,
  readGender,
  readPhones,
  readTags,
  ValueError,
} from './values.ts';

/** Why a row is refused, or what of it was not taken; the words are `imports.problem.<code>`. */
export interface Problem {
  code: string;
  /** from 0; null: it is about the whole row */
  column: number | null;
  /** the piece of text that it is about */
  given?: string;
  /** the limit that was passed */
  most?: number;
}

/** What a row says, as it will be stored. */
export interface Understood {
  line: number;
  /** what it is called as a proof: the same row again, in whatever file, is the same proof */
  proof: string;
  /** the E.164 numbers, lower-cased addresses and ids that say who it is */
  phones: string[];
  emails: string[];
  accounts: string[];
  name: string | null;
  gender: 'female' | 'male' | null;
  region: string | null;
  note: string;
  channels: string;
  tags: string[];
  /** what the person said about being written to; null: the row says nothing of it. `day`: YYYY-MM-DD */
  consent: { sms: boolean | null; email: boolean | null; day: string | null; source: string | null };
}

const LONGEST: Partial<Record<Target, number>> = { name: 255, region: 255, note: 2000, channels: 100 };
const LONGEST_TAG = 50;
const LONGEST_SOURCE = 200;
const MOST = 20;

/**
 * Reads a row by what its columns are. Answers what it says, or why it is refused: a value that cannot be read refuses the whole row,
 * because who somebody is must not be guessed (C-13). `width`: cells of the heading; what stands right of it has been moved by a stray delimiter.
 */
export function understand(
  row: Pick<TableRow, 'line' | 'cells' | 'faults'>,
  columns: readonly Target[],
  country: string,
  width: number,
): { understood: Understood } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const draft = emptyRow(row.line);
  if (row.cells.slice(width).some((cell) => cell.trim() !== '')) problems.push({ code: 'tooManyCells', column: null });
  for (const [column, target] of columns.entries()) {
    if (target === 'ignore') continue;
    const problem =
      faultOf(row.faults[column], column) ?? take(draft, target, row.cells[column] ?? '', column, country);
    if (problem) problems.push(problem);
  }
  problems.push(...tooMuch(draft, columns));
  const nobody = draft.phones.length + draft.emails.length + draft.accounts.length === 0;
  if (problems.length === 0 && nobody) problems.push({ code: 'noContact', column: null });
  return problems.length > 0 ? { problems } : { understood: { ...draft, proof: nameOf(draft) } };
}

type Draft = Omit<Understood, 'proof'>;

const emptyRow = (line: number): Draft => ({
  line,
  phones: [],
  emails: [],
  accounts: [],
  name: null,
  gender: null,
  region: null,
  note: '',
  channels: '',
  tags: [],
  consent: { sms: null, email: null, day: null, source: null },
});

const faultOf = (fault: CellFault | undefined, column: number): Problem | null =>
  fault ? { code: fault, column } : null;

function take(
  draft: Draft,
  target: Exclude<Target, 'ignore'>,
  cell: string,
  column: number,
  country: string,
): Problem | null {
  const text = cell.trim();
  if (text === '') return null;
  if (!isCleanText(text)) return { code: 'unclean', column };
  if (text.includes('\uFFFD')) return { code: 'damaged', column };
  try {
    put(draft, target, text, country);
    return null;
  } catch (error) {
    if (error instanceof ValueError) return { code: error.message, column, given: error.given };
    throw error;
  }
}

function put(draft: Draft, target: Exclude<Target, 'ignore'>, text: string, country: string): void {
  if (target === 'phone') add(draft.phones, readPhones(text, country));
  else if (target === 'email') add(draft.emails, readEmails(text));
  else if (target === 'account') add(draft.accounts, readAccounts(text));
  else if (target === 'tags') add(draft.tags, readTags(text));
  else if (target === 'gender') draft.gender = readGender(text);
  else if (target === 'region') draft.region = text;
  else if (target === 'smsConsent') draft.consent.sms = readConsent(text);
  else if (target === 'emailConsent') draft.consent.email = readConsent(text);
  else if (target === 'consentDay') draft.consent.day = readConsentDay(text);
  else if (target === 'consentSource') draft.consent.source = text;
  else if (target === 'name') draft.name = joined(draft.name ?? '', text, ' ');
  else if (target === 'note') draft.note = joined(draft.note, text, '\n');
  else draft.channels = joined(draft.channels, text, ', ');
}

function add(list: string[], values: readonly string[]): void {
  for (const value of values) if (!list.includes(value)) list.push(value);
}

const joined = (before: string, text: string, by: string) => (before === '' ? text : before + by + text);

/** Beyond what a customer can hold. */
function tooMuch(draft: Draft, columns: readonly Target[]): Problem[] {
  const at = (target: Target) => columns.indexOf(target);
  const long = (['name', 'region', 'note', 'channels'] as const).flatMap((target): Problem[] => {
    const most = LONGEST[target] ?? 0;
    return signs(draft[target] ?? '') > most ? [{ code: 'tooLong', column: at(target), most }] : [];
  });
  const source: Problem[] =
    signs(draft.consent.source ?? '') > LONGEST_SOURCE
      ? [{ code: 'tooLong', column: at('consentSource'), most: LONGEST_SOURCE }]
      : [];
  const tag = draft.tags.find((name) => signs(name) > LONGEST_TAG);
  const many = (['phone', 'email', 'account', 'tags'] as const).flatMap((target): Problem[] => {
    const list = draft[LISTS[target]];
    return list.length > MOST ? [{ code: 'tooMany', column: at(target), most: MOST }] : [];
  });
  const tags: Problem[] =
    tag === undefined ? [] : [{ code: 'tooLong', column: at('tags'), most: LONGEST_TAG, given: tag }];
  return [...long, ...source, ...many, ...tags];
}

const LISTS = { phone: 'phones', email: 'emails', account: 'accounts', tags: 'tags' } as const;

/** As PostgreSQL counts characters. */
const signs = (text: string) => [...text].length;

/** A hash of what the row says of the person. */
function nameOf({ phones, emails, accounts, name, gender, region }: Draft): string {
  const content = [[...accounts].sort(), [...phones].sort(), [...emails].sort(), name, gender, region];
  return hash('sha256', JSON.stringify(content), 'base64url');
}

/** The row as proof of who is who. */
export function proofOf({ proof, phones, emails, accounts, name, gender, region }: Understood): ImportRow {
  const [accountId = null, ...moreAccounts] = accounts;
  return {
    externalId: proof,
    updatedAt: null,
    customer: { accountId, name, phones, emails, gender, region },
    moreAccounts,
  };
}
