import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { hasStatus } from './errors.ts';
import type { Twilio } from './twilio-config.ts';

interface Message {
  to: string;
  body: string;
  from?: string;
  messagingServiceSid?: string;
  statusCallback?: string;
}

/** What the provider says of one message. */
export interface Told {
  sid: string;
  /** the provider's word: queued, sent, delivered, undelivered, failed … */
  status: string;
  errorCode: string | null;
  from: string | null;
  body: string;
  at: Date;
}

export interface TwilioAccount {
  /** Makes one message. Throws what `status` and `code` tell apart, or an error of the connection. */
  create(message: Message): Promise<{ sid: string }>;
  sentTo(e164: string, since: Date): Promise<Told[]>;
  look(sid: string): Promise<Told | null>;
}

export function openTwilio({ accountSid, authToken, apiUrl }: Twilio): TwilioAccount {
  const httpClient = new Client(apiUrl ? new URL(apiUrl) : null, { timeout: TIMEOUT, autoRetry: false, ...SOCKETS });
  const client = twilio(accountSid, authToken, { httpClient });
  return {
    create: async (message) => ({ sid: (await client.messages.create(message)).sid }),
    sentTo: async (to, dateSentAfter) =>
      (await client.messages.list({ to, dateSentAfter, pageSize: MOST, limit: MOST })).map(told),
    look: async (sid) => {
      try {
        return told(await client.messages(sid).fetch());
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    },
  };
}

// Shorter than whoever says STOP waits for the calls that are under way.
const TIMEOUT = 10_000;
const MOST = 1000;
// As many as one worker uses at a time, and kept: a new connection for each message would cost more than the message.
const SOCKETS = { keepAlive: true, maxSockets: 100, maxFreeSockets: 100 };

type Made = Awaited<ReturnType<ReturnType<typeof twilio>['messages']['create']>>;

const told = ({ sid, status, errorCode, from, body, dateCreated }: Made): Told => ({
  sid,
  status,
  errorCode: errorCode ? String(errorCode) : null,
  from,
  body,
  at: dateCreated,
});

/** The SDK has no other way to another base URL, and forgets how long it was asked to wait. */
class Client extends twilio.RequestClient {
  readonly #base: URL | null;

  constructor(base: URL | null, options: RequestClient.RequestClientOptions) {
    super(options);
    this.#base = base;
  }

  override async request<Data>(given: RequestClient.RequestOptions<Data>) {
    const response = await super.request<Data>({ ...given, uri: this.#addressOf(given.uri) });
    if (response.statusCode !== 429) return response;
    throw Object.assign(new Error('too many at once (429)'), {
      status: 429,
      retryAfter: Number(response.headers['retry-after']),
    });
  }

  #addressOf(uri: string): string {
    const url = new URL(uri);
    if (this.#base) [url.protocol, url.host] = [this.#base.protocol, this.#base.host];
    return url.href;
  }
}
