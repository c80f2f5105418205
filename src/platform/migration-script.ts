import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Migration {
  name: string;
  script: string;
  checksum: string;
  /** statement by statement instead of all or nothing: its first line says so */
  outside: boolean;
}

/** The first line of a migration that does not run in one transaction. */
export const OUTSIDE = '-- outside a transaction';

/** All of the folder, in their order. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(script).digest('hex');
      return { name, script, checksum, outside: script.split('\n', 1)[0]?.trim() === OUTSIDE };
    });
}

// What a semicolon does not end: comments, texts, names in quotes, and bodies between dollars.
const PIECES =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$(?:[A-Za-z_]\w*)?\$)[\s\S]*?\1|;|[^;'"$/\-eE]+|[\s\S]/g;

/** The statements of a script, without the comments between them. */
export function statementsOf(script: string): string[] {
  const statements = [''];
  for (const [piece] of script.matchAll(PIECES)) {
    if (piece === ';') statements.push('');
    else statements.push(`${statements.pop()}${/^(--|\/\*)/.test(piece) ? ' ' : piece}`);
  }
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '');
}
