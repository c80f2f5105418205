import { z } from 'zod';

/** How SMS are sent; the account serves the whole portal. */
export interface Twilio {
  accountSid: string;
  authToken: string;
  /** a number, a short code or a name; or else the service that chooses one */
  sender: { from: string } | { messagingServiceSid: string };
  /** another base URL with Twilio's API: tests, regional edges */
  apiUrl: string | undefined;
}

const SENDER = 'wanted is a number such as +15005550006, a short code, or a name of at most 11 letters and digits';
const API_URL = 'wanted is an address without a path, such as https://api.dublin.ie1.twilio.com';

export const twilioVariables = {
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'wanted is an account, AC and 32 hexadecimal digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_FROM: z
    .string()
    .regex(/^(?:\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, SENDER)
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-fA-F]{32}$/, 'wanted is a messaging service, MG and 32 hexadecimal digits')
    .optional(),
  TWILIO_API_URL: z
    .string()
    .refine(isBareUrl, API_URL)
    .transform((url) => new URL(url).origin)
    .optional(),
};

type Given = z.infer<z.ZodObject<typeof twilioVariables>>;

/** One line about what is missing where SMS are set up by half; null: nothing is. */
export function missingForTwilio(given: Given): string | null {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token, TWILIO_FROM: from } = given;
  const service = given.TWILIO_MESSAGING_SERVICE_SID;
  if (!sid && !token && !from && !service) return null;
  if (!sid) return 'TWILIO_ACCOUNT_SID is not set: SMS need the account they are sent from';
  if (!token) return 'TWILIO_AUTH_TOKEN is not set: SMS need the token of the account';
  return from || service ? null : 'TWILIO_FROM is not set: SMS need it or TWILIO_MESSAGING_SERVICE_SID as a sender';
}

/** null: SMS are not sent, but kept for the outbox page */
export function twilioOf(given: Given): Twilio | null {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = given;
  const service = given.TWILIO_MESSAGING_SERVICE_SID;
  if (!accountSid || !authToken) return null;
  const sender = service ? { messagingServiceSid: service } : { from: from ?? '' };
  return { accountSid, authToken, sender, apiUrl: given.TWILIO_API_URL };
}

function isBareUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '' && hash === '';
}
