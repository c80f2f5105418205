import { parse } from 'node:querystring';
import type { Request, RequestHandler } from 'express';

/** Why a body was not read. Whoever answers errors goes by the status. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly status: 400 | 413 | 415;

  constructor(status: BodyError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The bytes of a request, at most so many. Reads nothing of a body that says it is longer, and no further where one that does not say turns
 * out to be. Throws `BodyError` 413, or 400 where it was cut off, be it long ago: a request that is over tells nothing any more.
 */
export function readBytes(req: Request, most: number): Promise<Buffer> {
  const tooLong = () => new BodyError(413, `the body is longer than ${most} bytes`);
  const cutOff = () => new BodyError(400, 'the body was cut off');
  if (req.destroyed || req.closed) return Promise.reject(cutOff());
  if (Number(req.headers['content-length'] ?? 0) > most) return Promise.reject(tooLong());
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      req.off('data', take);
      req.pause();
      chunks.length = 0;
      failed(tooLong());
    };
    req.on('data', take);
    req.once('end', () => done(Buffer.concat(chunks)));
    for (const cut of ['error', 'close']) req.once(cut, () => failed(cutOff()));
  });
}

/** A small compressed body can unfold into gigabytes. */
export const isPacked = ({ headers }: Request): boolean =>
  !['', 'identity'].includes(headers['content-encoding']?.trim().toLowerCase() ?? '');

interface FormLimits {
  bytes: number;
  fields: number;
}

/** Reads a form without a file. Its fields are texts, or lists of texts where a name comes more than once. */
export function readForm({ bytes, fields }: FormLimits): RequestHandler {
  return async (req, _res, next) => {
    if (!req.is('application/x-www-form-urlencoded')) return next();
    if (isPacked(req)) throw new BodyError(415, 'a form comes uncompressed');
    const text = (await readBytes(req, bytes)).toString('utf8');
    if (hasMore(text, '&', fields - 1)) throw new BodyError(413, `a form has at most ${fields} fields`);
    req.body = parse(text, '&', '=', { maxKeys: 0 });
    next();
  };
}

function hasMore(text: string, sign: string, most: number): boolean {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) if (++count > most) return true;
  return false;
}
