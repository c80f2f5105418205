import type * as ledger from '../../ledger/ledger.ts';
import type { HookContext } from '../../web/context.ts';
import { readDeliveryToken } from '../token.ts';
import { fateOf } from '../told.ts';
import { inLine } from './line.ts';
import { readTwilio } from './twilio.ts';

/** `POST /webhooks/twilio/status?d=<token>`: Twilio tells what has become of a delivery, once, several times, or in any order. */
export async function twilioStatus(ctx: HookContext): Promise<void> {
  const form = readTwilio(ctx);
  if (!form) return;
  await tell(ctx, {
    sid: form.get('MessageSid') ?? form.get('SmsSid') ?? '',
    word: form.get('MessageStatus') ?? form.get('SmsStatus') ?? '',
    errorCode: form.get('ErrorCode') || null,
  });
}

/** What was told of one message. */
export interface Telling {
  sid: string;
  word: string;
  errorCode: string | null;
}

const SID = /^[\w.:-]{1,128}$/;
const CODE = /^\w{1,32}$/;

/**
 * Takes it for the delivery that the token names. 404 where there is none such, be it another company's or nobody's; what is no news is
 * answered like news, so that it does not come again. `of`: the channels whose signature was right; null: any.
 */
export async function tell(
  ctx: HookContext,
  told: Telling,
  of: readonly ledger.Channel[] | null = null,
): Promise<void> {
  const { req, res, services, now } = ctx;
  const token = req.query.d;
  const named = typeof token === 'string' ? readDeliveryToken(services.secrets.sessionSecret, token) : null;
  if (!named) return void res.status(404).end();
  const state = fateOf(told.word);
  const errorCode = told.errorCode && CODE.test(told.errorCode) ? told.errorCode : null;
  const news = state && SID.test(told.sid) ? { sid: told.sid, state, errorCode, at: now } : null;
  const { companyId, deliveryId } = named;
  const found = await inLine(services.tenancy, companyId, { deliveryId, news, of });
  res.status(found ? 204 : 404).end();
}
