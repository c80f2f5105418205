import { createHash, randomBytes } from 'node:crypto';
import { sealText, unsealText } from '../../kernel/seal.ts';

/** What the browser keeps, and what is stored of it. */
export function makeToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

const PURPOSE = 'about number';

/** The text so that only who has the token can read it. */
export const seal = (token: string, text: string): string => sealText(token, PURPOSE, text);

/** Throws when it was sealed under another token, or changed. */
export const unseal = (token: string, sealed: string): string => unsealText(token, PURPOSE, sealed);
