import type { Told } from './twilio.ts';
import type { Twilio } from './twilio-config.ts';

export type { Told } from './twilio.ts';

export interface Sms {
  /** E.164 */
  to: string;
  text: string;
  /** a number, a short code, a name of letters or a messaging service (MG…); else the portal's default sender */
  from?: string;
  /** where the provider tells what becomes of it */
  callback?: string;
}

/** What came of handing an SMS to the provider, who cannot tell a second try of the same one from another SMS. */
export type SmsOutcome =
  | { outcome: 'accepted'; sid: string }
  /** it was never taken, and may be tried again: too many at once (429), or no connection was made */
  | { outcome: 'later'; reason: string; seconds: number }
  /** it will never be taken: any other 4xx answer; `code`: the provider's own, such as 21610 */
  | { outcome: 'refused'; reason: string; code: string | null }
  /** it may be on its way or not: a timeout, a cut connection, a 5xx answer, one that cannot be read */
  | { outcome: 'unknown'; reason: string };

export interface Texter {
  /** Never throws. */
  send(sms: Sms): Promise<SmsOutcome>;
}

/** One that can be asked afterwards too. */
export interface Provider extends Texter {
  /** What it made for a number (E.164) since then, at most 1,000. Throws where it cannot be asked. */
  sentTo(e164: string, since: Date): Promise<Told[]>;
  /** null: it knows no such message. Throws where it cannot be asked. */
  look(sid: string): Promise<Told | null>;
}

/** null: SMS are not set up. Twilio's SDK is large, so it is loaded only where it is used. */
export async function openTexter(twilio: Twilio | null): Promise<Provider | null> {
  if (!twilio) return null;
  const { openTwilio } = await import('./twilio.ts');
  const { create, sentTo, look } = openTwilio(twilio);
  return {
    send: async ({ to, text, from, callback }) => {
      try {
        const sender = from === undefined ? twilio.sender : senderOf(from);
        const { sid } = await create({ to, body: text, ...sender, ...(callback ? { statusCallback: callback } : {}) });
        return sid ? { outcome: 'accepted', sid } : { outcome: 'unknown', reason: 'the answer named no message' };
      } catch (error) {
        return failure(error);
      }
    },
    sentTo,
    look,
  };
}

const senderOf = (address: string): Twilio['sender'] =>
  address.startsWith('MG') ? { messagingServiceSid: address } : { from: address };

/** Reads any error of a call by its `status`, its `code` and how the connection ended. */
export function failure(error: unknown): SmsOutcome {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const status = numberIn(error, 'status');
  if (status === 429) return { outcome: 'later', reason, seconds: retryAfter(error) };
  if (status >= 400 && status < 500) {
    const code = numberIn(error, 'code') || status;
    return { outcome: 'refused', reason: `${reason} (${code})`, code: String(code) };
  }
  if (isUnreached(error)) return { outcome: 'later', reason, seconds: PAUSE };
  return { outcome: 'unknown', reason };
}

/** No byte of the request can have arrived: there was no address to go to, or no connection to it. */
function isUnreached(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 8) return false;
  const { code, syscall, errors, cause }: Failing = error;
  if (typeof code === 'string' && (NOWHERE.test(code) || (syscall === 'connect' && UNCONNECTED.test(code))))
    return true;
  // Several addresses of one name were tried.
  if (Array.isArray(errors) && errors.length > 0) return errors.every((each) => isUnreached(each, depth + 1));
  return isUnreached(cause, depth + 1);
}

interface Failing {
  code?: unknown;
  syscall?: unknown;
  errors?: unknown;
  cause?: unknown;
}

const NOWHERE = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/;
// An open connection can end by these as well: only while it is made are they certain.
const UNCONNECTED = /^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT)$/;
const PAUSE = 30;
const LONGEST_PAUSE = 3600;

/** 0: there is none */
function numberIn(error: unknown, field: 'status' | 'code'): number {
  if (typeof error !== 'object' || error === null || !(field in error)) return 0;
  return Number((error as Record<string, unknown>)[field]) || 0;
}

function retryAfter(error: unknown): number {
  const given = typeof error === 'object' && error !== null && 'retryAfter' in error ? Number(error.retryAfter) : NaN;
  return Number.isFinite(given) && given > 0 ? Math.min(given, LONGEST_PAUSE) : PAUSE;
}
