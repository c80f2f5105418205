import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Secrets } from '../../platform/secrets.ts';

type Keys = Pick<Secrets, 'sessionSecret' | 'earlierSessionSecret'>;

/**
 * The text so that only this portal can read it, bound to its owner: one person's secret put into another's row opens nothing. It
 * begins with the name of its key, so that after a change of SESSION_SECRET it is known which one opens it.
 */
export function seal(text: string, owner: string, { sessionSecret }: Keys): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(sessionSecret), nonce).setAAD(Buffer.from(owner));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const sealed = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  return `${nameOf(sessionSecret)}.${sealed}`;
}

/** null: it was sealed with a key that is gone, for somebody else, or was changed. `stale`: with the key before this one. */
export function unseal(sealed: string, owner: string, keys: Keys): { text: string; stale: boolean } | null {
  const [name = '', body = ''] = sealed.split('.');
  const secret = [keys.sessionSecret, keys.earlierSessionSecret].find((each) => each && nameOf(each) === name);
  if (!secret) return null;
  const text = open(Buffer.from(body, 'base64url'), owner, secret);
  return text === null ? null : { text, stale: secret !== keys.sessionSecret };
}

function open(bytes: Buffer, owner: string, secret: string): string | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'second factor', 32));

const nameOf = (secret: string) => createHash('sha256').update(keyOf(secret)).digest('hex').slice(0, 8);
