import { createTransport } from 'nodemailer';
import { hasCode } from './errors.ts';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string | undefined;
  /** The same for every try of the same letter, so that a mailbox can tell a second copy. */
  messageId: string;
}

/** What came of handing a letter to the mail server. */
export type Delivery =
  | { outcome: 'accepted' }
  /** worth another try: no connection, a timeout, a 4xx answer */
  | { outcome: 'later'; reason: string }
  /** the server will never take it: a 5xx answer */
  | { outcome: 'refused'; reason: string };

export interface Mailer {
  /** Never throws. */
  send(mail: Mail): Promise<Delivery>;
  close(): void;
}

/** null: no SMTP_URL, nothing can be sent. */
export function openMailer(config: { smtpUrl?: string | undefined; mailFrom: string }): Mailer | null {
  if (!config.smtpUrl) return null;
  const transport = createTransport({ url: config.smtpUrl, ...LIMITS });
  return {
    send: async ({ to, ...mail }) => {
      try {
        // An address is given as an object: as a text it would be read as a list of recipients.
        await transport.sendMail({ ...mail, from: config.mailFrom, to: { name: '', address: to } });
        return { outcome: 'accepted' };
      } catch (error) {
        return failure(error);
      }
    },
    close: () => transport.close(),
  };
}

// Letters are ours: none may read a file or an address because of what stands in it. Milliseconds.
const LIMITS = {
  pool: true,
  maxConnections: 2,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  disableFileAccess: true,
  disableUrlAccess: true,
};

function failure(error: unknown): Delivery {
  const reason = error instanceof Error ? error.message : String(error);
  return { outcome: isFinal(error) ? 'refused' : 'later', reason: reason.slice(0, 500) };
}

/** A 5xx answer about this letter. One to our greeting or sign-in is our own fault: it is tried again until somebody mends it. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error)) return false;
  return Number(error.responseCode) >= 500 && (hasCode(error, 'EENVELOPE') || hasCode(error, 'EMESSAGE'));
}
