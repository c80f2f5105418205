import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Stage } from '../stage.ts';

interface Known extends Record<string, unknown> {
  key: string;
  /** somebody may take it, and it is to be just so */
  takeable: boolean;
  sha256: string | null;
  /** nobody may take it any more */
  gone: boolean;
}

/** Compares the folder of files with the rows that name them. */
export async function orphans({ services, ask }: Stage): Promise<Record<string, number>> {
  const folder = join(services.config.dataDir, 'files');
  const there = new Set(await filesBelow(folder));
  const rows = await ask<Known>(KNOWN);
  const known = new Set(rows.map(({ key }) => key));
  let damaged = 0;
  for (const { key, takeable, sha256 } of rows) {
    if (takeable && (!there.has(key) || (await hashOf(join(folder, key))) !== sha256)) damaged++;
  }
  return {
    'I9 half files that can be taken, or are not there': damaged,
    'I9 files that nothing names': [...there].filter((key) => !known.has(key)).length,
    'I9 files that nobody may take any more': rows.filter((row) => row.gone && there.has(row.key)).length,
  };
}

const KNOWN = `
  select file_key as key, state = 'done' as takeable, sha256, state in ('failed', 'cancelled', 'revoked', 'expired') as gone
  from export where file_key is not null
  union all
  select file_key, sha256 is not null and state not in ('done', 'cancelled'), sha256, state = 'cancelled' from import where file_key is not null
  union all
  select file_key, false, null, false from person_request where file_key is not null
  union all
  select 'journal/' || id, false, null, false from journal_object`;

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((each) => each.isFile()).map((each) => relative(folder, join(each.parentPath, each.name)));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
