import { spawnSync } from 'node:child_process';
import { ConfigError } from './config.ts';

export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * Whom PostgreSQL runs as: it refuses root, so root lends it the system user `postgres` (made when missing). Undefined:
 * as ourselves.
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return find() ?? create();
}

/** Whether that user gets into the folder, or may run the file. */
export function canUse(path: string, user: SystemUser | undefined): boolean {
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0;
}

function find(): SystemUser | undefined {
  const uid = Number(ask('id', ['-u', NAME]) ?? Number.NaN);
  const gid = Number(ask('id', ['-g', NAME]) ?? Number.NaN);
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

function create(): SystemUser {
  ask('groupadd', ['--system', NAME]);
  ask('useradd', ['--system', '--gid', NAME, '--no-create-home', '--shell', '/bin/false', NAME]);
  const made = find();
  if (made) return made;
  throw new ConfigError(
    'PostgreSQL does not run as root, and the system user postgres could not be made (useradd): make it, start as another user, or set DATABASE_URL',
  );
}

function ask(command: string, args: string[]): string | undefined {
  const answer = spawnSync(command, args, { encoding: 'utf8', cwd: '/' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

const NAME = 'postgres';
