import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { createClient } from 'redis';
import type { TestApp } from '../make.ts';

/** Where one of these texts stands: tables of every schema, files, keys of Redis. Read from the catalogue: what is new is looked at too. */
export async function placesOf(portal: TestApp, texts: readonly string[], redisUrl: string): Promise<string[]> {
  const found = [
    ...(await tables(portal, texts)),
    ...files(portal.services.config.dataDir, texts),
    ...(await redisKeys(redisUrl, texts)),
  ];
  return found.sort();
}

/** How many tables have been looked at, to know that it was not none. */
export async function tables({ database: { pool } }: TestApp, texts: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
    where relkind in ('r', 'p') and not relispartition and nspname not in ('pg_catalog', 'information_schema') order by 1`);
  const wanted = texts.flatMap((text) => [
    text,
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('base64'),
  ]);
  const found: string[] = [];
  for (const { name } of rows) {
    const hit = await pool.query<{ text: string }>(
      `select w.text from unnest($1::text[]) w (text) where exists (select from ${name} t where strpos(lower(t::text), lower(w.text)) > 0)`,
      [wanted],
    );
    found.push(...hit.rows.map(({ text }) => `${name}: ${text}`));
  }
  return found;
}

function files(folder: string, texts: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = inside(readFileSync(path));
      return texts.filter((text) => content.includes(text)).map((text) => `${path.slice(folder.length)}: ${text}`);
    });
}

/** Of a .zip, what is packed in it as well. */
function inside(bytes: Buffer): string {
  const parts = [bytes.toString('utf8')];
  for (let at = bytes.indexOf('PK\x03\x04'); at >= 0; at = bytes.indexOf('PK\x03\x04', at + 4)) {
    const begin = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    try {
      parts.push(inflateRawSync(bytes.subarray(begin)).toString('utf8'));
    } catch {
      parts.push(`not readable: ${createHash('sha256').update(bytes).digest('hex')}`);
    }
  }
  return parts.join('\n');
}

async function redisKeys(url: string, texts: readonly string[]): Promise<string[]> {
  const client = open(url);
  await client.connect();
  const found: string[] = [];
  for await (const keys of client.scanIterator({ COUNT: 500 })) {
    for (const key of keys) {
      // Of whatever kind it is: as it would be written to the disk, but for what is packed.
      const content = `${key} ${await contentOf(client, key)}`;
      found.push(...texts.filter((text) => content.includes(text)).map((text) => `redis ${key}: ${text}`));
    }
  }
  client.destroy();
  return found;
}

const open = (url: string) => createClient({ url });

async function contentOf(client: ReturnType<typeof open>, key: string): Promise<string> {
  const kind = await client.type(key);
  if (kind === 'string') return String(await client.get(key));
  if (kind === 'hash') return JSON.stringify(await client.hGetAll(key));
  if (kind === 'list') return JSON.stringify(await client.lRange(key, 0, -1));
  if (kind === 'set') return JSON.stringify(await client.sMembers(key));
  if (kind === 'zset') return JSON.stringify(await client.zRange(key, 0, -1));
  if (kind === 'stream') return JSON.stringify(await client.xRange(key, '-', '+'));
  return '';
}
