import { type RawLine, readLine } from './line.ts';

/** What must be known of the whole file before the first order can be made. */
export interface Survey {
  lines: number;
  /** lines of each invoice, so that one is known to be whole although its lines may stand apart in the file */
  linesOf: Map<string, number>;
  /** day of the newest usable line; null: there is none */
  newest: string | null;
}

export const newSurvey = (): Survey => ({ lines: 0, linesOf: new Map(), newest: null });

export function surveyLine(survey: Survey, raw: RawLine): void {
  const invoice = invoiceOf(raw);
  const line = readLine(raw);
  survey.lines++;
  survey.linesOf.set(invoice, (survey.linesOf.get(invoice) ?? 0) + 1);
  if (typeof line === 'object' && (survey.newest === null || line.day > survey.newest)) survey.newest = line.day;
}

export const invoiceOf = (raw: RawLine) => raw.InvoiceNo?.trim() ?? '';
