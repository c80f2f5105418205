import { isCleanText } from './text.ts';

// Room for a name of 255 characters, escaped, and an id; what is longer was not made here.
const MAX_LENGTH = 4096;

/** Where a page of a list ended: the sort keys of its last row, as one token for an address. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * The `length` sort keys of a token; null when it is none. Tokens come from outside: the parts are strings that
 * PostgreSQL takes as text, and nothing more is promised. The caller checks each (`isId`, `isDay`).
 */
export function decodeCursor(token: string, length: number): string[] | null {
  if (token.length > MAX_LENGTH || !/^[\w-]+$/.test(token)) return null;
  const parts = readJson(Buffer.from(token, 'base64url').toString());
  return isCleanList(parts) && parts.length === length ? parts : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isCleanList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' && isCleanText(part));
}
