/** Why a file cannot be read as a whole; the words are `imports.fileError.<code>`. */
export const FILE_ERRORS = [
  'empty',
  'noRows',
  'notTable',
  'oldExcel',
  'badText',
  'nul',
  'quoteOpen',
  'quoteInside',
  'quoteAfter',
  'rowTooLong',
  'tooWide',
  'tooManyRows',
  'zipBroken',
  'tooBigInside',
  'sheetBroken',
  'noSheet',
  'gone',
] as const;

export type FileErrorCode = (typeof FILE_ERRORS)[number];

/** Nothing of the file is taken: what follows the fault could be anything. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  /** where in the file; null: it is about the file as a whole */
  readonly line: number | null;

  constructor(code: FileErrorCode, line: number | null = null) {
    super(line === null ? code : `${code} at line ${line}`);
    this.code = code;
    this.line = line;
  }
}
