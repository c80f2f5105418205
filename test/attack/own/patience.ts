import { call } from '../../bench/load.ts';
import { type Attacker, send } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';

const N = 7000;
const long = (...parts: string[]) =>
  parts.map((part) => part.repeat(Math.ceil(N / part.length / parts.length))).join('');

/** Texts on which careless patterns go round and round. */
const SPINNING = [
  ...[
    long('a'),
    `${long('a')}!`,
    long(' '),
    `${long(' ')}x`,
    long('a ', 'b'),
    long('0'),
    `+${long('0', '-')}x`,
    long('('),
    long('(('),
  ],
  ...[
    long('a@'),
    `${long('a.')}@`,
    `a@${long('a-')}.`,
    long('{{'),
    long('{{name|'),
    long('{{a}'),
    `${long('{{name')}}}`,
    long('|'),
    long('%25'),
  ],
  ...[
    long(':'),
    `name:is:${long('a|')}`,
    `orders:between:${long('1.')}`,
    `activity:within:${long('1')}m`,
    long('\u0301'),
    long('ﷺ'),
    long('\u200d💩'),
  ],
  ...[
    `${long('STOP ')}`,
    `${long('http://')}`,
    `${long('https://a.')}`,
    long('\r\n'),
    long('\t '),
    long('é'),
    long('İ'),
    long('='),
  ],
];

const LIMIT = 1000;

/** Long hostile texts in every place that reads them with some care: each is answered within a second. */
export async function patience(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const { own, attackers } = stage;
  const api = `/api/v1/companies/${own.company.slug}`;
  const ask = (path: string, name: string) => (text: string) =>
    call(attacker.site, `${path}?${new URLSearchParams({ [name]: text })}`);
  const fill =
    (path: string, name: string, rest: Record<string, string> = {}) =>
    (text: string) =>
      send(attacker, path, { ...rest, [name]: text });
  const bring = (part: object) => (text: string) =>
    post(attackers.key, `${api}/orders`, JSON.stringify({ orders: [order(part, text)] }));
  const places: Record<string, (text: string) => Promise<unknown>> = {
    'search q': ask('/customers', 'q'),
    'search of orders': ask('/orders', 'q'),
    'where of the list': ask('/customers', 'where'),
    'sort of the list': ask('/customers', 'sort'),
    'cursor of the list': ask('/customers', 'cursor'),
    'address after the sign-in': (text) =>
      call(attackers.nobody.site, `/login?${new URLSearchParams({ next: `/${text}` })}`),
    'filter of a segment': fill('/segments', 'filter', { name: 'x' }),
    'name of a tag': fill('/tags', 'name', { colour: 'red' }),
    'text of a campaign': fill('/sms', 'body', { name: 'x', channel: 'sms', to: 'all', do: 'check' }),
    'phone of a customer': fill('/customers/new', 'phones', { name: 'x' }),
    'e-mail of a customer': fill('/customers/new', 'emails', { name: 'x' }),
    'number that is blocked': fill('/sms/stops', 'number'),
    'e-mail of the sign-in': (text) => send(attackers.nobody, '/password/forgot', { email: text }),
    'phone of an order': bring({ phones: 'x' }),
    'e-mail of an order': bring({ emails: 'x' }),
    'name of an order': bring({ name: 'x' }),
    'language of the browser': (text) =>
      call(attackers.nobody.site, '/login', { headers: { 'accept-language': text.replace(/[^ -~]/g, 'a') } }),
    cookies: (text) => call(attackers.nobody.site, '/login', { headers: { cookie: text.replace(/[^ -~]/g, 'a') } }),
    'where of the API': (text) => call(attackers.key.site, `${api}/customers?${new URLSearchParams({ where: text })}`),
  };
  const findings: Finding[] = [];
  let longest = 0;
  for (const [place, give] of Object.entries(places)) {
    for (const text of SPINNING) {
      const taken = await quickest(() => give(text));
      longest = Math.max(longest, taken);
      if (taken > LIMIT)
        findings.push({ what: `took ${(taken / 1000).toFixed(1)} s`, where: `${place}: ${text.slice(0, 20)}…` });
    }
  }
  const note = `${SPINNING.length} texts in ${Object.keys(places).length} places, longest ${longest.toFixed(0)} ms`;
  return { findings, note };
}

/** Asked again where it was slow: the machine may have been busy. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && best > LIMIT; tries++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

const post = ({ site }: Attacker, path: string, body: string) =>
  call(site, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

function order(part: object, text: string) {
  const [name] = Object.keys(part);
  const customer = { name: 'x', [name ?? '']: name === 'name' ? text : [text] };
  return { externalId: 'spinning', placedAt: '2026-01-01T00:00:00Z', currency: 'UAH', total: '1.00', customer };
}
