// What a spreadsheet takes for a formula. Apostrophes before it count too, so that one can always be taken off again.
const FORMULA = /^'*[=+\-@\t\r]/;
const E164 = /^\+[1-9]\d{1,14}$/;

/**
 * One cell of a .csv file (RFC 4180 quoting). A text that a spreadsheet would run as a formula gets an apostrophe in
 * front; an E.164 number does not, so that phones can be read by other programs.
 */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !E164.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The text that `csvCell` was given, from a cell as a CSV parser returns it: our import takes the apostrophe off again. */
export function uncsvCell(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}
