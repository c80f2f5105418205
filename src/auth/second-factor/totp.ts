import { Secret, TOTP } from 'otpauth';

const SECONDS = 30;
const DRIFT = 1;

/** 160 bits, as the standard advises for SHA-1; in the letters that people type into an app. */
export const makeSecret = (): string => new Secret({ size: 20 }).base32;

/** What the QR code says to an authenticator app. */
export const addressOf = (secret: string, email: string): string => totp(secret, email).toString();

/** The half minute whose code this is: now, the one before or the one after, for clocks that differ. null: of none of them. */
export function stepOf(secret: string, code: string, now: Date): bigint | null {
  const timestamp = now.getTime();
  const delta = totp(secret).validate({ token: code, timestamp, window: DRIFT });
  return delta === null ? null : BigInt(Math.floor(timestamp / 1000 / SECONDS) + delta);
}

// The one way that every app knows, whatever else the standard allows.
const totp = (secret: string, label = '') =>
  new TOTP({
    issuer: 'Clientele',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: SECONDS,
    secret: Secret.fromBase32(secret),
  });
