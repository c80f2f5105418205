import type { ChannelConfig } from './channels-config.ts';
import type { Config } from './config.ts';
import { providerSeconds } from './measured.ts';
import { failure, openTexter, type Provider, type Sms, type SmsOutcome, type Texter } from './sms.ts';

/** How a text reaches a phone. */
export type Channel = 'sms' | 'viber' | 'messenger';

/** null: not set up; what goes there is kept for the outbox page */
export interface Channels {
  readonly sms: Provider | null;
  readonly viber: Texter | null;
  readonly messenger: Texter | null;
}

export const NO_CHANNELS: Channels = { sms: null, viber: null, messenger: null };

/** SMS go through Twilio; Viber and Messenger through their own API, or through Twilio where it carries them (S-05, S-06). */
export async function openChannels({ twilio, viber, messenger }: Config): Promise<Channels> {
  const sms = await openTexter(twilio);
  return {
    sms: sms && { ...sms, ...timed('sms', sms) },
    viber: timed('viber', channel('viber', viber, sms)),
    messenger: timed('messenger', channel('messenger', messenger, sms)),
  };
}

function timed<Way extends Texter | null>(name: Channel, way: Way): Way | Texter {
  if (!way) return way;
  return {
    send: async (text) => {
      const end = providerSeconds.startTimer({ channel: name });
      const result = await way.send(text);
      end({ outcome: result.outcome });
      return result;
    },
  };
}

function channel(name: Exclude<Channel, 'sms'>, config: ChannelConfig | null, sms: Texter | null): Texter | null {
  if (!config) return null;
  if (config.by === 'http') return { send: (text) => post(config, text) };
  const prefixed = (address: string) => (address.startsWith(`${name}:`) ? address : `${name}:${address}`);
  return sms && { send: (text) => sms.send({ ...text, to: prefixed(text.to), from: prefixed(config.from) }) };
}

const TIMEOUT = 10_000;

/** `POST <API>/messages` with `{to, from, text, callback}`, answered by `{"id": "…"}`: like Twilio's, an answer that is lost is unknown. */
async function post(config: ChannelConfig & { by: 'http' }, { to, text, callback }: Sms): Promise<SmsOutcome> {
  try {
    const response = await fetch(`${config.apiUrl}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${config.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ to, from: config.from, text, callback }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw await refusal(response);
    const { id } = (await response.json()) as { id?: unknown };
    if (typeof id !== 'string' || id === '') return { outcome: 'unknown', reason: 'the answer named no message' };
    return { outcome: 'accepted', sid: id };
  } catch (error) {
    return failure(error);
  }
}

async function refusal(response: Response): Promise<Error> {
  const text = (await response.text().catch(() => '')).slice(0, 300);
  const retryAfter = Number(response.headers.get('retry-after'));
  return Object.assign(new Error(text || response.statusText), { status: response.status, retryAfter });
}
