import { createHmac } from 'node:crypto';

/** What a phone (E.164) is called in the tables that companies share: a number cannot be read from it without the secret. */
export const phoneKey = (secret: string, e164: string): string =>
  createHmac('sha256', secret).update(e164).digest('base64url');

/** All that the shared tables show of a number: its last two digits. */
export const phoneHint = (e164: string): string => e164.slice(-2);
