import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** Files by key, such as `exports/<company>/<id>.csv`. A key is made by us, never by a visitor. */
export interface FileStore {
  /** Begins a file that nobody sees before it is kept. Drafts of the same key that a killed process left are thrown away. */
  draft(key: string): Promise<Draft>;
  /** null: there is no such file */
  open(key: string): Promise<StoredFile | null>;
  /** Does nothing when there is no such file. */
  remove(key: string): Promise<void>;
  /** Keys of finished files below this folder, sorted; `after`: only those whose name comes after this one. */
  list(folder: string, after?: string): Promise<string[]>;
}

export interface Draft {
  /** End it before the draft is kept. */
  readonly stream: Writable;
  /** Makes it the file of its key, whole and at once. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

export interface StoredFile {
  /** bytes */
  readonly size: number;
  /** Read it or destroy it: it holds the file open. */
  readonly stream: Readable;
}

export interface FolderStore extends FileStore {
  draft(key: string): Promise<Draft & { readonly path: string }>;
}

/** Files in a folder of this machine. */
export function openFolder(folder: string): FolderStore {
  return {
    draft: (key) => draft(join(folder, key)),
    open: (key) => openFile(join(folder, key)),
    remove: async (key) => {
      await rm(join(folder, key), { force: true });
      await removeDrafts(join(folder, key));
    },
    list: async (below, after = '') => {
      const names = await namesIn(join(folder, below));
      return names
        .filter((name) => !name.endsWith(PART) && name > after)
        .sort()
        .map((name) => `${below}/${name}`);
    },
  };
}

async function draft(path: string): Promise<Draft & { readonly path: string }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await removeDrafts(path);
  const part = `${path}.${randomBytes(6).toString('hex')}${PART}`;
  const handle = await open(part, 'wx', 0o600);
  const stream = createWriteStream(part, { fd: handle, flush: true, highWaterMark: 256 * 1024 });
  return {
    path: part,
    stream,
    keep: () => rename(part, path),
    discard: async () => {
      await closed(stream);
      await rm(part, { force: true });
    },
  };
}

const PART = '.part';

/** Each draft has a name of its own, so a writer that was thought dead can never write into its successor's file. */
async function removeDrafts(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await namesIn(folder);
  const drafts = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(PART));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { force: true })));
}

/** A folder that is not there holds nothing; one that cannot be read may hold anything. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function closed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) return resolve();
    stream.once('error', () => {});
    stream.once('close', resolve);
    stream.destroy();
  });
}

async function openFile(path: string): Promise<StoredFile | null> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!handle) return null;
  const { size } = await handle.stat();
  return { size, stream: createReadStream(path, { fd: handle, highWaterMark: 256 * 1024 }) };
}
