import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.ts';
import { hasCode } from './errors.ts';

export interface Secrets {
  /** Signs session cookies and links. */
  sessionSecret: string;
  /** What it was before it was changed: what is signed or sealed with it is still read. */
  earlierSessionSecret?: string | undefined;
  /** Keys the phone numbers of the portal-wide tables. Another key would cut every review from its phone. */
  phoneKey: string;
}

/** The secrets of this portal: those of the environment, else generated once and kept in DATA_DIR, mode 0600. */
export function readSecrets(config: Config): Secrets {
  const { sessionSecret, earlierSessionSecret, phoneKey } = config;
  if (sessionSecret !== undefined && phoneKey !== undefined) return { sessionSecret, earlierSessionSecret, phoneKey };
  const kept = keptSecrets(config.dataDir);
  return {
    sessionSecret: sessionSecret ?? kept.sessionSecret,
    earlierSessionSecret,
    phoneKey: phoneKey ?? kept.phoneKey,
  };
}

function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  try {
    return secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    makeSecrets(dataDir, file);
    return keptSecrets(dataDir);
  }
}

/** Web and worker may start together: whoever links the file first has made the secrets, the other one reads them. */
function makeSecrets(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}`;
  const made: Secrets = { sessionSecret: randomSecret(), phoneKey: randomSecret() };
  writeFileSync(draft, JSON.stringify(made), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const secrets = z.object({ sessionSecret: z.string().min(16), phoneKey: z.string().min(16) });

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
