import type { CellRichTextValue } from 'exceljs';

// A cell takes no more; a file with a longer one is called broken.
const LONGEST = 32_767;
// What XML cannot hold or would change, and what a spreadsheet would take for an escape.
const ODD = /(?![\t\n])[\p{Cc}\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/gu;
// Blanks at the ends are cut off by some readers; exceljs reads entities twice.
const NEEDS_CARE = new RegExp(`${ODD.source}|^\\s|\\s$|&(?:lt|gt|amp|apos|quot);`, 'u');

/** A text as a cell that a spreadsheet shows sign by sign: odd signs are escaped, blanks at the ends are kept. */
export function xlsxText(given: string): string | CellRichTextValue {
  const text = given.length > LONGEST ? `${given.slice(0, LONGEST - 1)}…` : given;
  // Only the pieces of a rich text are read with escapes and blanks.
  return NEEDS_CARE.test(text) ? { richText: [{ text: text.replace(ODD, escaped) }] } : text;
}

function escaped(sign: string): string {
  return `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}
