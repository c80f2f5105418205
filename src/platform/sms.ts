import { codesOf } from './errors.ts';
import type { Twilio } from './twilio-config.ts';

/** What came of handing an SMS to the provider, who cannot tell a second try of the same one from another SMS. */
export type SmsOutcome =
  | { outcome: 'accepted'; sid: string }
  /** it was never taken, and may be tried again: too many at once (429), or no connection was made */
  | { outcome: 'later'; reason: string; seconds: number }
  /** it will never be taken: any other 4xx answer */
  | { outcome: 'refused'; reason: string }
  /** it may be on its way or not: a timeout, a cut connection, a 5xx answer, one that cannot be read */
  | { outcome: 'unknown'; reason: string };

export interface Texter {
  /** `to` is E.164. Never throws. */
  send(sms: { to: string; text: string }): Promise<SmsOutcome>;
}

/** null: SMS are not set up. Twilio's SDK is large, so it is loaded only where it is used. */
export async function openTexter(twilio: Twilio | null): Promise<Texter | null> {
  if (!twilio) return null;
  const { openTwilio } = await import('./twilio.ts');
  const create = openTwilio(twilio);
  return {
    send: async ({ to, text }) => {
      try {
        const { sid } = await create({ to, body: text, ...twilio.sender });
        return sid ? { outcome: 'accepted', sid } : { outcome: 'unknown', reason: 'the answer named no message' };
      } catch (error) {
        return failure(error);
      }
    },
  };
}

function failure(error: unknown): SmsOutcome {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const status = numberIn(error, 'status');
  if (status === 429) return { outcome: 'later', reason, seconds: retryAfter(error) };
  if (status >= 400 && status < 500) return { outcome: 'refused', reason: `${reason} (${numberIn(error, 'code')})` };
  if (codesOf(error).some((code) => UNREACHED.test(code))) return { outcome: 'later', reason, seconds: PAUSE };
  return { outcome: 'unknown', reason };
}

/** No byte of the request can have arrived. */
const UNREACHED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
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
