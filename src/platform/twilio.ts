import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type { Twilio } from './twilio-config.ts';

interface Message {
  to: string;
  body: string;
  from?: string;
  messagingServiceSid?: string;
}

/** Makes one message at Twilio. Throws what `status` and `code` tell apart, or an error of the connection. */
export function openTwilio({ accountSid, authToken, apiUrl }: Twilio): (message: Message) => Promise<{ sid: string }> {
  const httpClient = new Client(apiUrl ? new URL(apiUrl) : null, { timeout: TIMEOUT, autoRetry: false });
  const client = twilio(accountSid, authToken, { httpClient });
  return async (message) => ({ sid: (await client.messages.create(message)).sid });
}

const TIMEOUT = 20_000;

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
