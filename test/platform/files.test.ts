import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Draft, type FileStore, openFiles } from '../../src/platform/files.ts';

describe('the file store', () => {
  let dataDir: string;
  let files: FileStore;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'clientele-files-'));
    files = openFiles({ dataDir, s3Url: undefined });
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const read = async (key: string) => {
    const file = await files.open(key);
    return file && { size: file.size, text: await text(file.stream) };
  };
  const write = ({ stream }: Draft, words: string) => new Promise<void>((done) => stream.end(words, done));
  const names = () => readdirSync(join(dataDir, 'files', 'a'));

  test('shows a file when it is kept, whole and at once', async () => {
    const draft = await files.draft('a/whole');
    await write(draft, 'Привіт');
    expect(await read('a/whole')).toBeNull();
    await draft.keep();
    expect(await read('a/whole')).toEqual({ size: 12, text: 'Привіт' });
  });

  test('lists what comes after a name, nothing where there is no folder, and says so where one cannot be read', async () => {
    await (await files.draft('a/plain')).keep();
    expect(await files.list('nowhere')).toEqual([]);
    for (const name of ['1', '2', '3']) await (await files.draft(`b/${name}`)).keep();
    expect(await files.list('b', '1')).toEqual(['b/2', 'b/3']);
    await expect(files.list('a/plain')).rejects.toThrow('ENOTDIR');
  });

  test('forgets a draft that is thrown away, also one that is still being written', async () => {
    const [ended, open] = [await files.draft('a/ended'), await files.draft('a/open')];
    await write(ended, 'words');
    open.stream.write('words');
    await ended.discard();
    await open.discard();
    expect(await read('a/ended')).toBeNull();
    expect(names().filter((name) => /^(ended|open)/.test(name))).toEqual([]);
  });

  test('throws away what a killed writer of the same key left, who can then keep nothing', async () => {
    const killed = await files.draft('a/again');
    await write(killed, 'old');
    const next = await files.draft('a/again');
    await write(next, 'new');
    await expect(killed.keep()).rejects.toThrow();
    await next.keep();
    expect(await read('a/again')).toEqual({ size: 3, text: 'new' });
    expect(names().filter((name) => name.startsWith('again'))).toEqual(['again']);
  });

  test('leaves the drafts of other keys alone', async () => {
    const other = await files.draft('a/key-2');
    await write(other, 'other');
    await files.draft('a/key').then((draft) => draft.discard());
    await files.remove('a/key');
    await other.keep();
    expect(await read('a/key-2')).toEqual({ size: 5, text: 'other' });
  });

  test('removes a file, and does not mind one that is not there', async () => {
    const draft = await files.draft('a/gone');
    await write(draft, 'words');
    await draft.keep();
    await files.remove('a/gone');
    await files.remove('a/gone');
    await files.remove('b/never');
    expect(await read('a/gone')).toBeNull();
  });
});
