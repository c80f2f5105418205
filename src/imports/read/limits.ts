/** What one file may hold at most. */
export const MAX_BYTES = 50 * 1024 * 1024;
export const MAX_ROWS = 250_000;
export const MAX_COLUMNS = 500;
/** one row of a text file, or one cell of a sheet, in bytes */
export const MAX_ROW_BYTES = 1_000_000;
/** what the parts of an .xlsx may unpack to; shared strings are held in memory */
export const MAX_SHEET_BYTES = 512 * 1024 * 1024;
export const MAX_PART_BYTES = 64 * 1024 * 1024;
