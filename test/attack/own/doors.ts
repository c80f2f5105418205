import { type Answer, call, site } from '../../bench/load.ts';
import { until } from '../../faults/wait.ts';
import { type Attacker, cookiesOf, hiddenOf, send } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';

const AWAY = [
  ...[
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
  ],
  ...[
    '/..//evil.example',
    '/.//evil.example',
    '/%09/evil.example',
    '////evil.example',
    'https:evil.example',
    '/@evil.example/..//evil.example',
  ],
  ...[
    'data:text/html,x',
    '/\r\nLocation: https://evil.example',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    'http://127.0.0.1@evil.example',
  ],
];

/** Where sessions come from, where redirects lead, whose name stands in links, and what stands behind forged headers. */
export async function doors(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const findings: Finding[] = [];
  const tell = (isBad: boolean, what: string, where: string) => isBad && findings.push({ what, where });
  await sessions(stage, tell);
  await redirects(stage, attacker, tell);
  await hosts(stage, tell);
  await forgedAddresses(stage, tell);
  await verbs(stage, attacker, tell);
  return { findings, note: 'sessions, redirects, hosts, forwarded addresses, verbs' };
}

export type Tell = (isBad: boolean, what: string, where: string) => unknown;

/** A session id known before the sign-in, or made up, opens nothing after it; nor does one from before a sign-out. */
async function sessions({ port, attackers }: Stage, tell: Tell): Promise<void> {
  const user = attackers.owner.user;
  if (!user) return;
  const page = await call(site(port), '/login');
  const known = cookiesOf(page);
  const stranger = { site: site(port, { cookie: known }), hidden: hiddenOf(page.body) };
  const entered = await send(stranger, '/login', { email: user.email, password: user.password });
  const inside = cookiesOf(entered);
  const opens = async (cookie: string) => (await call(site(port, { cookie }), '/profile')).status === 200;
  tell(!(await opens(inside)), 'the check is blind: nobody was signed in', 'POST /login');
  tell(await opens(known), 'a session id known before the sign-in is signed in after it', 'POST /login');
  for (const planted of [
    'session=planted',
    'session=s%3Aplanted.planted',
    `session=s%3A${'A'.repeat(32)}.${'A'.repeat(43)}`,
  ]) {
    const answer = await call(site(port, { cookie: planted }), '/login');
    const given = cookiesOf(answer);
    tell(given === '' || given.includes('planted'), 'a made-up session id is taken', planted);
  }
  const own = {
    site: site(port, { cookie: inside }),
    hidden: hiddenOf((await call(site(port, { cookie: inside }), '/profile')).body),
  };
  await send(own, '/logout');
  tell(await opens(inside), 'a session goes on after its sign-out', 'POST /logout');
}

async function redirects(stage: Stage, attacker: Attacker, tell: Tell): Promise<void> {
  for (const next of AWAY) {
    const query = new URLSearchParams({ next }).toString();
    tell(leadsAway(await call(attacker.site, `/login?${query}`)), 'leads to another site', `/login?next=${next}`);
    for (const path of ['/profile/theme', '/profile/language', `/companies/${stage.own.company.id}/current`]) {
      const answer = await send(attacker, path, { back: next, next, theme: 'auto', locale: 'en' });
      tell(leadsAway(answer), 'leads to another site', `${path} back=${next}`);
    }
    const raw = await call(site(stage.port), encodeURI(next.startsWith('/') ? next : `/${next}`)).catch(() => null);
    tell(raw !== null && leadsAway(raw), 'leads to another site', next);
  }
}

/** As a browser would read it. */
function leadsAway({ headers }: Answer): boolean {
  const { location } = headers;
  return location !== undefined && new URL(location, 'http://here').host !== 'here';
}

/** Links in letters and addresses in answers bear the portal's name, whatever name it was asked by. */
async function hosts(stage: Stage, tell: Tell): Promise<void> {
  const { port, portal, attackers, url } = stage;
  const forged = [
    ...[{ host: 'evil.example' }, { 'x-forwarded-host': 'evil.example' }, { 'x-host': 'evil.example' }],
    ...[{ forwarded: 'host=evil.example' }, { 'x-original-url': '/admin/users' }, { 'x-rewrite-url': '/admin/users' }],
  ];
  for (const headers of forged) {
    for (const path of ['/', '/login', '/customers', '/api/docs', '/api/v1/openapi.json']) {
      const answer = await call(site(port), path, { headers });
      const shown = `${JSON.stringify(answer.headers)}${answer.body}`;
      tell(shown.includes('evil.example'), 'repeats the name it was asked by', `${path} ${JSON.stringify(headers)}`);
      tell(
        answer.status === 200 && answer.body.includes('/admin/users'),
        'is led by a header',
        JSON.stringify(headers),
      );
    }
    await send(
      attackers.nobody,
      '/password/forgot',
      { email: attackers.viewer.user?.email ?? '' },
      headers as Record<string, string>,
    );
  }
  const letters = () => portal.database.pool.query<{ body: string }>(LETTERS, [attackers.viewer.user?.email]);
  await until(async () => (await letters()).rows.length > 0, MOST_SECONDS, 100);
  const { rows } = await letters();
  tell(rows.length === 0, 'the check is blind: no letter came', '/password/forgot');
  for (const { body } of rows)
    tell(!body.includes(`${url}/password/reset/`) || body.includes('evil'), 'a letter leads elsewhere', body);
}

const MOST_SECONDS = 10;
const LETTERS = "select body from outbox where channel = 'email' and address = $1";

/** What is for this machine alone does not open to who says that they are this machine. */
async function forgedAddresses({ port }: Stage, tell: Tell): Promise<void> {
  const claims = ['127.0.0.1', '::1', 'localhost', '127.0.0.1, 203.0.113.9', '203.0.113.9'];
  for (const claim of claims) {
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip']) {
      const headers = { [name]: name === 'forwarded' ? `for=${claim}` : claim };
      const outbox = await call(site(port), '/outbox', { headers });
      tell(outbox.status !== 404, `the outbox is answered ${outbox.status}`, JSON.stringify(headers));
      const metrics = await call(site(port), '/metrics', { headers });
      const handedOn = name === 'x-forwarded-for' || name === 'forwarded';
      tell(handedOn && metrics.status !== 404, `the figures are answered ${metrics.status}`, JSON.stringify(headers));
    }
  }
}

/** Another verb, be it said in a field, a header or outright, reaches nothing that its own would not. */
async function verbs(stage: Stage, attacker: Attacker, tell: Tell): Promise<void> {
  const { pool } = stage.portal.database;
  // Whoever was here before may have deleted some, as an owner may.
  const [customer] = (await pool.query<{ id: string }>(LISTED, [stage.own.company.id])).rows;
  tell(customer === undefined, 'the check is blind: no customer is left', '/customers');
  const path = `/customers/${customer?.id}/deletion`;
  const { hidden, site: at } = attacker;
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    const { status } = await call(at, `${path}?${new URLSearchParams({ ...hidden, _method: 'POST' })}`, {
      headers: { [name]: 'POST' },
    });
    tell(status >= 300 && status < 400, `an address was taken for a form: ${status}`, name);
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY']) {
    const { status } = await call(at, path, { method });
    tell(status < 400, `${method} was answered ${status}`, path);
  }
  const { rows } = await pool.query('select 1 from customer where id = $1 and listed', [customer?.id]);
  tell(rows.length === 0, 'a customer was deleted by another verb', path);
}

const LISTED = 'select id from customer where company_id = $1 and listed limit 1';
