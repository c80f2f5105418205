import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Request, RequestHandler, Response } from 'express';
import { HttpError } from './errors.ts';

/** The file of a form, which arrives while the handler reads it. Its field stands last in the form: what comes after it is not seen. */
export interface Upload {
  /** as the browser tells it; only for showing */
  readonly name: string;
  /** ends early where the file is longer than `most`; then `tooBig()` */
  readonly stream: Readable;
  tooBig(): boolean;
}

const uploads = new WeakMap<Request, Upload>();

/** The file that came with the form; null: none did. */
export const uploadOf = (req: Request): Upload | null => uploads.get(req) ?? null;

/**
 * Reads forms with a file. The request goes on as soon as the file begins, so that whoever may not send it is refused before
 * a byte of it is stored. Forms without a file are read by `plain`.
 */
export function receiveUpload(most: number, plain: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) return plain(req, res, next);
    receive(req, res, most).then(() => next(), next);
  };
}

/** Resolves when the fields are read and the file, if there is one, begins. */
function receive(req: Request, res: Response, most: number): Promise<void> {
  const parser = openParser(req, most);
  const fields: Record<string, string> = Object.create(null);
  req.body = fields;
  return new Promise((resolve, reject) => {
    parser.on('field', (name, value) => {
      if (!uploads.has(req)) fields[name] = value;
    });
    parser.on('file', (_field, stream, name) => {
      uploads.set(req, { name: String(name ?? '').slice(-255), stream, tooBig: () => stream.truncated });
      // Whoever went away in the middle sent no whole file.
      req.once('aborted', () => stream.destroy(new Error('the sender went away')));
      resolve();
    });
    parser.once('finish', resolve);
    parser.once('error', () => reject(new HttpError(400)));
    // What nobody reads must not hold the connection.
    res.once('close', () => {
      req.unpipe(parser);
      req.resume();
    });
    req.pipe(parser);
  });
}

function openParser(req: Request, most: number): BusboyInstance {
  const { 'content-type': type = '' } = req.headers;
  try {
    const limits = { fields: 20, fieldNameSize: 100, fieldSize: 20_000, files: 1, fileSize: most, headerPairs: 50 };
    return new Busboy({ headers: { ...req.headers, 'content-type': type }, limits });
  } catch {
    throw new HttpError(400);
  }
}
