import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readBucket, signed } from '../../src/platform/bucket.ts';
import { type FileStore, openFiles } from '../../src/platform/files.ts';

describe('a signed request', () => {
  // The examples of Amazon's own description of the signature.
  const bucket = readBucket(
    `s3://AKIAIOSFODNN7EXAMPLE:${encodeURIComponent('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')}@examplebucket.s3.amazonaws.com`,
  );
  const at = new Date('2013-05-24T00:00:00Z');
  const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const signatureOf = (headers: Record<string, string>) => /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1];

  test('to read is signed as the store expects', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/test.txt');
    const headers = signed(bucket, { method: 'GET', url, at, payload: nothing, headers: { range: 'bytes=0-9' } });
    expect(signatureOf(headers)).toBe('f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
  });

  test('to write is signed as the store expects', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/test%24file.text');
    const payload = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
    const more = { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
    const headers = signed(bucket, { method: 'PUT', url, at, payload, headers: more });
    expect(signatureOf(headers)).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
  });

  test('goes where S3_URL says', () => {
    const { url, region } = readBucket('https://key:se%2Fcret@store.example:9000/portal/files?region=eu-central-1');
    expect([url.href, region]).toEqual(['https://store.example:9000/portal/files', 'eu-central-1']);
  });
});

describe('the file store in a bucket', () => {
  const objects = new Map<string, Buffer>();
  let refusing = false;
  let server: Server;
  let dataDir: string;
  let files: FileStore;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const path = request.url ?? '';
      const body = await buffer(request);
      const isOurs = request.headers.authorization?.includes('Credential=key/') ?? false;
      if (refusing || !isOurs) return response.writeHead(503).end('<Error>SlowDown</Error>');
      if (request.method === 'PUT') objects.set(path, body);
      if (request.method === 'DELETE') objects.delete(path);
      const found = objects.get(path);
      if (request.method !== 'GET') return response.writeHead(request.method === 'PUT' ? 200 : 204).end();
      if (!found) return response.writeHead(404).end('<Error>NoSuchKey</Error>');
      response.writeHead(200, { 'content-length': found.length }).end(found);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    dataDir = mkdtempSync(join(tmpdir(), 'clientele-bucket-'));
    files = openFiles({ dataDir, s3Url: `http://key:secret@127.0.0.1:${port}/portal` });
  });
  beforeEach(() => {
    refusing = false;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function write(key: string, words: string) {
    const draft = await files.draft(key);
    await new Promise<void>((done) => draft.stream.end(words, done));
    return draft;
  }
  const read = async (key: string) => {
    const file = await files.open(key);
    return file && { size: file.size, text: await text(file.stream) };
  };

  test('shows a file when it is kept, and leaves nothing on this machine', async () => {
    const draft = await write('exports/1', 'Привіт');
    expect(await read('exports/1')).toBeNull();
    await draft.keep();
    expect(await read('exports/1')).toEqual({ size: 12, text: 'Привіт' });
    expect([...objects.keys()]).toEqual(['/portal/exports/1']);
    expect(readdirSync(join(dataDir, 'files', 'exports'))).toEqual([]);
  });

  test('removes a file, and does not mind one that is not there', async () => {
    await write('exports/2', 'words').then((draft) => draft.keep());
    await files.remove('exports/2');
    await files.remove('exports/2');
    expect(await read('exports/2')).toBeNull();
  });

  test('throws when the store does not take or give', async () => {
    const draft = await write('exports/3', 'words');
    refusing = true;
    await expect(draft.keep()).rejects.toThrow('503');
    await expect(files.open('exports/3')).rejects.toThrow('503');
    await draft.discard();
    refusing = false;
    expect(await read('exports/3')).toBeNull();
  });
});
