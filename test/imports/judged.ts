import { FileError } from '../../src/imports/read/file-error.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { TestApp } from '../make.ts';
import { bring, check, customersOf, importRow, rowsOf, start } from './make.ts';

/** What of a file must come in, each row as `name phones e-mails accounts`, and which lines must be refused, for what. */
export interface Expected {
  right?: string[];
  refused?: [line: number, ...codes: string[]][];
  /** the file as a whole is refused, with the line where it goes wrong */
  fault?: string;
}

export type File = [what: string, make: () => Buffer | Promise<Buffer>, expected: Expected];

export interface Judged extends Required<Omit<Expected, 'fault'>> {
  fault: string | null;
  /** before the file was let in; and rows that nothing became of */
  tooEarly: number;
  open: number;
}

/** Brings a file the whole way. */
export async function bringWhole(portal: TestApp, company: Company, userId: string, bytes: Buffer): Promise<Judged> {
  const nothing = { right: [], refused: [], fault: null, tooEarly: 0, open: 0 };
  const result = await bringAndCheck(portal, company, userId, bytes);
  if (typeof result === 'string') return { ...nothing, fault: result };
  const tooEarly = (await customersOf(portal, company)).length;
  await start(portal, company, result.id, userId);
  await portal.runJobs();
  const customers = await customersOf(portal, company);
  const rows = await rowsOf(portal, result.id);
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  return {
    ...nothing,
    right: customers.map((each) => [each.name, ...each.phones, ...each.emails, ...each.accounts].join(' ')),
    refused: refused.map(({ line, problems }) => [line, ...problems.map(({ code }) => code)]),
    tooEarly,
    open: rows.filter(({ outcome }) => outcome === null).length,
  };
}

/** The id, or why the file is refused: at once, or by the check. */
async function bringAndCheck(portal: TestApp, company: Company, userId: string, bytes: Buffer) {
  try {
    const id = await bring(portal, company, userId, bytes);
    const brought = await importRow(portal, company, id);
    await check(portal, company, id, brought.reading.width === 0 ? ['phone'] : undefined);
    const { state, error } = await importRow(portal, company, id);
    return state === 'failed' ? (error ?? '').replace(':', ' at line ') : { id };
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}
