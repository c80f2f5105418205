import { createHash, randomBytes } from 'node:crypto';

/** For links in letters. Only the hash is kept: who reads the database cannot follow them. */
export function makeToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');
