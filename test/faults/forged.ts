import { deliveryToken } from '../../src/sms/token.ts';
import { isFromTwilio, twilioSignature } from '../../src/sms/webhooks/signature.ts';
import type { Taken } from '../standin/messages.ts';
import { statusFields } from '../standin/twilio.ts';
import { check, deliveryOf } from './check.ts';
import { finish } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import { FROM, type Stage, TOKEN } from './stage.ts';
import { launchTo, makeWorld, type World } from './world.ts';

type Fields = Record<string, string>;

/** What comes in at a webhook. `signature`: null: there is none. */
interface Request {
  url: string;
  fields: Fields;
  signature: string | null;
}

/** F9 */
export async function forged(stage: Stage): Promise<Outcome[]> {
  const { options, standin } = stage;
  const wanted = options.short ? 200 : 10_000;
  standin.turn({ ...SILENT, seed: options.seed });
  const world = await makeWorld(stage, { recipients: 50 });
  const others = await makeWorld(stage, { recipients: 1 });
  const first = standin.taken.length;
  const campaignId = await launchTo(stage, world);
  await finish(stage, [campaignId]);
  const messages = standin.taken.slice(first);
  const real = await tellTheTruth(stage, messages, world);
  const before = await fingerprint(stage);
  const forgeries = KINDS.flatMap((_, kind) =>
    Array.from({ length: Math.ceil(wanted / KINDS.length) }, (_each, at) => {
      const message = messages[at % messages.length] as Taken;
      return KINDS[kind]?.({ stage, message, other: messages[(at + 1) % messages.length] as Taken, others }) as Request;
    }),
  );
  const answers = await postAll(forgeries);
  const accepted = answers.filter(isTaken).length;
  const untouched = (await fingerprint(stage)) === before;
  const replays = Array.from({ length: Math.ceil(wanted / 10) }, (_, at) => real[at % real.length] as Request);
  const again = await postAll(replays);
  const unmoved = (await fingerprint(stage)) === before;
  const found = await check(stage, world, [campaignId]);
  return [
    outcome(found, {
      injected: forgeries.length + replays.length,
      misses: [
        accepted > 0 && `${accepted} forgeries accepted`,
        !untouched && 'a forgery changed rows',
        !unmoved && 'a replay changed rows',
        !again.every(isTaken) && 'an honest replay was refused',
        !publishedVector() && 'the published signature is refused',
        real.length === 0 && 'nothing genuine was told',
      ],
      note: `${forgeries.length} forged in ${KINDS.length} ways, accepted ${accepted}; ${replays.length} replays; rows changed: ${untouched && unmoved ? 'none' : 'SOME'}`,
    }),
  ];
}

const SILENT = {
  callbacks: { copies: [1, 1], shuffled: false, lost: 1, early: 0, delay: [0, 0], undelivered: 0 },
} as const;

interface Material {
  stage: Stage;
  message: Taken;
  other: Taken;
  others: World;
}

const lie = (message: Taken): Fields => statusFields(message, 'undelivered');
const signed = (url: string, fields: Fields, token = TOKEN): string =>
  twilioSignature(token, url, new URLSearchParams(fields));
const honest = (url: string, fields: Fields): Request => ({ url, fields, signature: signed(url, fields) });
const inboundUrl = ({ url }: Stage): string => `${url}/webhooks/twilio/inbound`;
const written = ({ to, sid }: Taken, body: string, prefix = 'f'): Fields => ({
  ...{ MessageSid: `SM${prefix}${sid.slice(3)}`, From: to, To: FROM, Body: body },
});

const KINDS: readonly ((given: Material) => Request)[] = [
  ({ message }) => ({ url: message.callback ?? '', fields: lie(message), signature: null }),
  ({ message }) => ({ url: message.callback ?? '', fields: lie(message), signature: '' }),
  ({ message }) => ({
    ...{ url: message.callback ?? '', fields: lie(message) },
    signature: signed(message.callback ?? '', lie(message), 'a token of somebody else'),
  }),
  // A genuine one of which a field was changed on its way, or one was added.
  ({ message }) => ({
    ...{ url: message.callback ?? '', fields: lie(message) },
    signature: signed(message.callback ?? '', statusFields(message, 'delivered')),
  }),
  ({ message }) => ({
    ...{ url: message.callback ?? '', fields: { ...statusFields(message, 'delivered'), ErrorCode: '21610' } },
    signature: signed(message.callback ?? '', statusFields(message, 'delivered')),
  }),
  // Signed for another delivery's address.
  ({ message, other }) => ({
    ...{ url: other.callback ?? '', fields: lie(message) },
    signature: signed(message.callback ?? '', lie(message)),
  }),
  ({ message }) => ({
    ...{ url: `${message.callback}&x=1`, fields: lie(message) },
    signature: signed(message.callback ?? '', lie(message)),
  }),
  // Signed by the provider, for a delivery that is another company's, or under a seal that nobody made.
  ({ stage, message, others }) => {
    const { sessionSecret } = stage.services.secrets;
    const token = deliveryToken(sessionSecret, others.company.id, deliveryOf(message) ?? '');
    return honest(`${stage.url}/webhooks/twilio/status?d=${token}`, lie(message));
  },
  ({ stage, message }) => {
    const token = new URL(message.callback ?? '').searchParams.get('d') ?? '';
    const bent = Buffer.from(token, 'base64url');
    bent[40] = (bent[40] ?? 0) ^ 1;
    return honest(`${stage.url}/webhooks/twilio/status?d=${bent.toString('base64url')}`, lie(message));
  },
  ({ stage, message, others }) => {
    const token = deliveryToken('another secret', others.company.id, deliveryOf(message) ?? '');
    return honest(`${stage.url}/webhooks/twilio/status?d=${token}`, lie(message));
  },
  ({ stage, message }) => honest(`${stage.url}/webhooks/twilio/status`, lie(message)),
  // Somebody else's STOP and START.
  ({ stage, message }) => ({ url: inboundUrl(stage), fields: written(message, 'STOP'), signature: null }),
  ({ stage, message }) => {
    const fields = written(message, 'START');
    return { url: inboundUrl(stage), fields, signature: signed(inboundUrl(stage), fields, 'a token of somebody else') };
  },
  ({ stage, message }) => ({
    ...{ url: inboundUrl(stage), fields: written(message, 'STOP') },
    signature: signed(inboundUrl(stage), written(message, 'Hello')),
  }),
];

/** What Twilio really says, once: the end of every message, and of two persons STOP, one of whom takes it back. */
async function tellTheTruth(stage: Stage, messages: readonly Taken[], { numbers }: World): Promise<Request[]> {
  const ends = messages.flatMap((message) => [
    honest(message.callback ?? '', statusFields(message, 'sent')),
    honest(message.callback ?? '', statusFields(message, message.final)),
  ]);
  const [one, two] = messages.filter(({ to }) => numbers.includes(to));
  const words = one && two ? [written(one, 'STOP', 'a'), written(two, 'STOP', 'a'), written(two, 'START', 'b')] : [];
  const told = [...ends, ...words.map((fields) => honest(inboundUrl(stage), fields))];
  for (const request of told) {
    const status = await post(request);
    if (!isTaken(status)) throw new Error(`a genuine callback was answered ${status}`);
  }
  return told;
}

const isTaken = (status: number): boolean => status >= 200 && status < 300;

const AT_ONCE = 8;

async function postAll(requests: readonly Request[]): Promise<number[]> {
  const waiting = [...requests.entries()];
  const statuses: number[] = [];
  const lane = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) statuses[next[0]] = await post(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return statuses;
}

async function post({ url, fields, signature }: Request): Promise<number> {
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (signature !== null) headers['X-Twilio-Signature'] = signature;
  const body = new URLSearchParams(fields).toString();
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
  await response.arrayBuffer();
  return response.status;
}

const TABLES = [
  'delivery',
  'campaign',
  'suppression',
  'inbound',
  'consent',
  'consent_record',
  'arrival',
  'message',
  'customer',
];

/** Another one where any row of what webhooks may write has changed. */
async function fingerprint({ ask }: Stage): Promise<string> {
  const hashes: string[] = [];
  for (const name of TABLES) {
    const [row] = await ask<{ hash: string | null }>(
      `select md5(string_agg(line, '' order by line)) as hash from (select md5(t::text) as line from ${name} t) lines`,
    );
    hashes.push(row?.hash ?? 'empty');
  }
  return hashes.join(' ');
}

/** As it is published, computed by others. */
function publishedVector(): boolean {
  const form = new URLSearchParams({
    ...{
      CallSid: 'CA1234567890ABCDE',
      Caller: '+12349013030',
      Digits: '1234',
      From: '+12349013030',
      To: '+18005551212',
    },
  });
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  return (
    isFromTwilio('12345', url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=') &&
    !isFromTwilio('12346', url, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')
  );
}
