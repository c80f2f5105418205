import type { Request } from 'express';
import { BodyError, isPacked, readBytes } from './body.ts';
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
  const body = await readBytes(req, MAX_BODY).catch((error: unknown) => {
    throw error instanceof BodyError ? explain(error) : error;
  });
  if (isTangled(body)) throw new Problem(400, TANGLED);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.slice(0, 200) : 'it is not UTF-8';
    throw new Problem(400, `The body is not valid JSON: ${reason}.`);
  }
}

function refuseOtherTypes(req: Request): void {
  if (isPacked(req)) throw new Problem(415, 'Send the body uncompressed, without Content-Encoding.');
  const [type, ...parameters] = (req.headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isUtf8 = parameters.every((each) => !each.startsWith('charset=') || /^charset="?utf-?8"?$/.test(each));
  if (type !== 'application/json' || !isUtf8)
    throw new Problem(415, 'Send JSON in UTF-8, with Content-Type: application/json.');
}

function explain({ status }: BodyError): Problem {
  if (status === 413) return new Problem(413, 'The body is larger than 10 MB; send fewer items in one call.');
  return new Problem(400, 'The body was cut off.');
}

// No item of ours is nested nearly as deep, or has as many parts for its size. Unfolded, a list of empty lists takes a hundred times its bytes.
const DEEPEST = 20;
const BYTES_PER_PART = 16;
const TANGLED = `The body is nested deeper than ${DEEPEST} levels, or is nothing but brackets.`;

/** Looks at the brackets outside texts alone; whether it is JSON at all is for the parser to say. */
function isTangled(body: Buffer): boolean {
  let [depth, parts, inText] = [0, 0, false];
  const most = 1000 + body.length / BYTES_PER_PART;
  for (let at = 0; at < body.length; at++) {
    const sign = body[at];
    if (inText) {
      if (sign === BACKSLASH) at++;
      else if (sign === QUOTE) inText = false;
    } else if (sign === QUOTE) inText = true;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) {
      if (++depth > DEEPEST || ++parts > most) return true;
    } else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
