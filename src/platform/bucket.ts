import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { FileStore, FolderStore } from './folder.ts';

/** Where the objects are, and who asks for them. */
export interface Bucket {
  /** address of the bucket itself, without a slash at the end */
  url: URL;
  region: string;
  accessKey: string;
  secretKey: string;
}

/** `https://key:secret@host/bucket?region=eu-central-1`; `s3:` is https, and without a region it is us-east-1. */
export function readBucket(s3Url: string): Bucket {
  const given = new URL(s3Url.replace(/^s3:/, 'https:'));
  const url = new URL(given.pathname.replace(/\/+$/, ''), given.origin);
  return {
    url,
    region: given.searchParams.get('region') ?? 'us-east-1',
    accessKey: decodeURIComponent(given.username),
    secretKey: decodeURIComponent(given.password),
  };
}

/** Files as objects of a bucket that speaks S3. A draft is a file in the folder until it is kept. */
export function openBucket(bucket: Bucket, folder: FolderStore): FileStore {
  return {
    draft: async (key) => {
      const draft = await folder.draft(key);
      return {
        stream: draft.stream,
        keep: async () => {
          await put(bucket, key, draft.path);
          await draft.discard();
        },
        discard: draft.discard,
      };
    },
    open: async (key) => {
      const answer = await ask(bucket, 'GET', key, [200, 404]);
      if (answer.statusCode === 200) return { size: Number(answer.headers['content-length']), stream: answer };
      answer.resume();
      return null;
    },
    remove: async (key) => {
      (await ask(bucket, 'DELETE', key, [200, 204, 404])).resume();
      await folder.remove(key);
    },
    list: (below, after = '') => listed(bucket, `${below}/`, `${below}/${after}`),
  };
}

async function put(bucket: Bucket, key: string, path: string): Promise<void> {
  const { size } = await stat(path);
  const answer = await ask(bucket, 'PUT', key, [200], { size, stream: createReadStream(path) });
  answer.resume();
}

/** A thousand keys at a time, after the last one that is known. */
async function listed(bucket: Bucket, prefix: string, after: string): Promise<string[]> {
  const keys: string[] = [];
  for (let more = true; more; ) {
    const query = new URLSearchParams({ 'list-type': '2', prefix, 'start-after': keys.at(-1) ?? after });
    query.sort();
    const answer = await ask(bucket, 'GET', '', [200], undefined, query.toString().replaceAll('+', '%20'));
    const page = await text(answer);
    keys.push(...[...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key));
    more = page.includes('<IsTruncated>true</IsTruncated>');
  }
  return keys;
}

interface Body {
  size: number;
  stream: Readable;
}

/** Throws for an answer that is not one of `wanted`. */
async function ask(
  bucket: Bucket,
  method: string,
  key: string,
  wanted: number[],
  body?: Body,
  query = '',
): Promise<IncomingMessage> {
  const url = new URL(`${bucket.url.pathname}/${encodePath(key)}${query && '?'}${query}`, bucket.url);
  const headers = {
    ...signed(bucket, { method, url, at: new Date(), payload: 'UNSIGNED-PAYLOAD' }),
    ...(body && { 'content-length': String(body.size) }),
  };
  const send = url.protocol === 'http:' ? plainRequest : secureRequest;
  const request = send(url, { method, headers, timeout: 60_000 });
  request.on('timeout', () => request.destroy(new Error('the object store does not answer')));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  if (body) pipeline(body.stream, request).catch((error: Error) => request.destroy(error));
  else request.end();
  const answer = await answered;
  if (wanted.includes(answer.statusCode ?? 0)) return answer;
  throw new Error(`the object store answered ${answer.statusCode} to ${method}: ${(await text(answer)).slice(0, 300)}`);
}

export interface Question {
  method: string;
  url: URL;
  at: Date;
  /** SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD` */
  payload: string;
  /** names in lower case */
  headers?: Record<string, string>;
}

/** The headers that prove who asks: AWS Signature Version 4, which all stores of this kind read. */
export function signed({ region, accessKey, secretKey }: Bucket, question: Question): Record<string, string> {
  const { method, url, at, payload } = question;
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const headers = { ...question.headers, host: url.host, 'x-amz-content-sha256': payload, 'x-amz-date': time };
  const entries = Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = entries.map(([name]) => name).join(';');
  const lines = entries.map(([name, value]) => `${name}:${value.trim()}\n`).join('');
  const canonical = [method, url.pathname, url.search.slice(1), lines, names, payload].join('\n');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope.join('/')},SignedHeaders=${names},Signature=${signature}`;
  return { ...headers, authorization };
}

const sha256 = (words: string) => createHash('sha256').update(words).digest('hex');
const hmac = (key: string | Buffer, words: string) => createHmac('sha256', key).update(words).digest();

/** As the signature wants it: everything but letters, digits and `-._~/` is percent-encoded. */
function encodePath(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
