import type { HookContext } from '../../web/context.ts';
import { type Form, isFromTwilio } from './signature.ts';

/** The form of a call that Twilio signed; null: it was answered with 403, and nothing of it is believed. */
export function readTwilio({ req, res, services, body }: HookContext): Form | null {
  const { twilio, publicUrl } = services.config;
  const form = new URLSearchParams(body);
  const signature = req.get('x-twilio-signature') ?? '';
  if (twilio && isFromTwilio(twilio.authToken, publicUrl + req.originalUrl, form, signature)) return form;
  res.status(403).end();
  return null;
}
