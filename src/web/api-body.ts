import type { Request } from 'express';
import { Problem } from './problem.ts';

/** No body of the API may be larger. */
export const MAX_BODY = 10 * 1024 * 1024;

/** How many bytes the body may have: what it says, and at most as many as are read of one that does not say. */
export const bodySize = ({ headers }: Request): number =>
  Math.min(Number(headers['content-length'] ?? MAX_BODY), MAX_BODY);

/**
 * The JSON of a request, not looked into any further. Reads nothing of a body whose type or length is refused, and stops
 * where one that hides its length grows too large. Throws `Problem` 400, 413 or 415.
 */
export async function readJson(req: Request): Promise<unknown> {
  refuseOtherTypes(req);
  const body = await readBody(req);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.slice(0, 200) : 'it is not UTF-8';
    throw new Problem(400, `The body is not valid JSON: ${reason}.`);
  }
}

function refuseOtherTypes({ headers }: Request): void {
  // A small compressed body can unfold into gigabytes.
  const coding = headers['content-encoding']?.trim().toLowerCase();
  if (coding && coding !== 'identity') throw new Problem(415, 'Send the body uncompressed, without Content-Encoding.');
  const [type, ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every((each) => !each.startsWith('charset=') || /^charset="?utf-?8"?$/.test(each));
  if (type !== 'application/json' || !isUtf8)
    throw new Problem(415, 'Send JSON in UTF-8, with Content-Type: application/json.');
}

function readBody(req: Request): Promise<Buffer> {
  const tooLarge = () => new Problem(413, 'The body is larger than 10 MB; send fewer items in one call.');
  if (Number(req.headers['content-length'] ?? 0) > MAX_BODY) throw tooLarge();
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) return void chunks.push(chunk);
      req.off('data', take);
      chunks.length = 0;
      failed(tooLarge());
    };
    req.on('data', take);
    req.once('end', () => done(Buffer.concat(chunks)));
    for (const cut of ['error', 'close']) req.once(cut, () => failed(new Problem(400, 'The body was cut off.')));
  });
}
