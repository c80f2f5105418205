// What the database or a provider says about an error quotes what was stored: a line of the log must name nobody.
const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const PHONE = /(?:\+|%2B)\d[\d\s().-]{6,}\d/giu;
/** Values of a row, as PostgreSQL quotes them: `Key (kind, value)=(phone, 067…)`, `Failing row contains (…)`. */
const ROW = /(\)=\(|contains \()[^"\\]*?\)(?= already| is |\.|,|"|\\n|$)/gu;

/** A line of the log without phones and e-mail addresses, nor the rows that an error quotes. */
export const masked = (line: string): string => line.replace(ROW, '$1…)').replace(EMAIL, '…@…').replace(PHONE, '+…');
