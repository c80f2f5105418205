import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rootPath } from '../../src/platform/root.ts';

/** The project's files: what git knows, and what it would take. */
export function projectFiles(): string[] {
  const found = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: rootPath(),
    encoding: 'utf8',
  });
  const deleted = execFileSync('git', ['ls-files', '-z', '--deleted'], { cwd: rootPath(), encoding: 'utf8' }).split(
    '\0',
  );
  return found.split('\0').filter((path) => path && !deleted.includes(path));
}

/** Copies to a folder what `docker build` would send: the project's files but those of .dockerignore. */
export function copyContext(folder: string): void {
  const ignored = readFileSync(rootPath('.dockerignore'), 'utf8').trim().split('\n');
  const isIgnored = (path: string) =>
    ignored.some(
      (rule) => path === rule || path.startsWith(`${rule}/`) || (rule.startsWith('*') && path.endsWith(rule.slice(1))),
    );
  for (const path of projectFiles().filter((file) => !isIgnored(file))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(rootPath(path), join(folder, path));
  }
}
