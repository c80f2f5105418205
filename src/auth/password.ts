import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import { FieldError } from '../web/form.ts';
import { isCommon, isGuessable } from './password-words.ts';

/** Long enough to withstand guessing at the throttled pace, and none that everybody has; no rules about signs, and long sentences fit. */
export const newPassword = z
  .string('web.form.required')
  .min(8, 'auth.password.tooShort')
  .max(200, 'web.form.tooLong')
  .refine((password) => !isCommon(password), 'auth.password.common');

/** Throws FieldError for a password that is made of words which belong to the person or to the product. */
export function refuseGuessable(password: string, own: readonly string[]): void {
  if (isGuessable(password, own)) throw new FieldError('password', 'auth.password.guessable');
}

/** argon2id, 19 MiB and two passes, as OWASP advises. */
export const hashPassword = (password: string) => hash(password);

/** Takes the same time whether there is such an account, a password, or neither. */
export async function isPassword(passwordHash: string | null, given: string): Promise<boolean> {
  const right = await verify(passwordHash ?? (await nobodys), given.slice(0, 1000));
  return passwordHash !== null && right;
}

const nobodys = hash('nobody has this one');
