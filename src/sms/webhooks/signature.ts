import { createHmac, timingSafeEqual } from 'node:crypto';

/** The fields of a form as they were sent, in their order; a name may come more than once. */
export type Form = URLSearchParams;

/** What Twilio signs a request with: the address it called, and the fields, sorted by name; each value of a repeated one once. */
export function twilioSignature(token: string, url: string, form: Form): string {
  const names = [...new Set(form.keys())].sort();
  const fields = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return createHmac('sha1', token)
    .update(url + fields.join(''))
    .digest('base64');
}

/** Whether the request comes from Twilio. `url`: as Twilio called it. */
export function isFromTwilio(token: string, url: string, form: Form, signature: string): boolean {
  const right = spellings(url).map((each) => isSame(signature, twilioSignature(token, each, form)));
  return right.includes(true);
}

/** Twilio signs an address with its port or without, whether or not that is the one that everybody assumes. */
function spellings(url: string): string[] {
  const [, host = '', port, rest = ''] = /^(https?:\/\/[^/:?]+)(:\d+)?(.*)$/s.exec(url) ?? [];
  const usual = host.startsWith('https:') ? ':443' : ':80';
  return [url, `${host}${port ? '' : usual}${rest}`];
}

/** Whether a channel's own API has signed these bytes: HMAC-SHA256 in hexadecimal, by the channel's token. */
export const isSignedBy = (token: string, body: string, signature: string): boolean =>
  isSame(signature.replace(/^sha256=/, '').toLowerCase(), createHmac('sha256', token).update(body).digest('hex'));

/** In the same time wherever they differ. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
