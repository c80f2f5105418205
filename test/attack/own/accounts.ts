import { createUser, newUser } from '../../../src/auth/auth.ts';
import { type Answer, call } from '../../bench/load.ts';
import { forgetLimits } from '../ledger.ts';
import { type Attacker, send } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';
import type { Tell } from './doors.ts';

/** Whether an account is there shows nowhere; no form makes more of anybody than it says; ids of others open nothing. */
export async function accounts(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const findings: Finding[] = [];
  const tell: Tell = (isBad, what, where) => isBad && findings.push({ what, where });
  const note = await unknown(stage, tell);
  await assigned(stage, attacker, tell);
  await guessed(stage, attacker, tell);
  return { findings, note };
}

const TURNS = 12;

/** With a password that is kept as everybody's: how long it takes to compare is part of the answer. */
async function someone({ portal }: Stage, n: number): Promise<{ email: string }> {
  const input = { email: `somebody-${n}@example.com`, name: 'Somebody', password: `the password of somebody ${n}` };
  await portal.tenancy.inPortal((db) => createUser(db, newUser.parse(input), null));
  return input;
}

/** The same words, status and time class for an account that is there and one that is not. */
async function unknown(stage: Stage, tell: Tell): Promise<string> {
  const { nobody } = stage.attackers;
  const known = await Promise.all(Array.from({ length: TURNS }, (_, n) => someone(stage, n)));
  const ways: Record<string, (email: string, n: number) => Promise<Answer>> = {
    'the sign-in': (email) => send(nobody, '/login', { email, password: 'not the password' }),
    'a forgotten password': (email) => send(nobody, '/password/forgot', { email }),
    'the code of a number': (_, n) => send(nobody, '/about-me', { country: 'UA', phone: PHONES[n % 2] ?? '' }),
  };
  const notes: string[] = [];
  for (const [way, ask] of Object.entries(ways)) {
    const [there, not] = [[] as number[], [] as number[]];
    for (let turn = 0; turn < TURNS; turn++) {
      await forgetLimits(stage.portal);
      const [email, stranger] = [known[turn]?.email ?? '', `nobody-${turn}@example.com`];
      const [a, b] = [await timed(() => ask(email, 0)), await timed(() => ask(stranger, 1))];
      const same = a.answer.status === b.answer.status && neutral(a.answer, email) === neutral(b.answer, stranger);
      tell(!same, `is answered ${a.answer.status} and ${b.answer.status}, or in other words`, way);
      there.push(a.taken);
      not.push(b.taken);
    }
    const [first, second] = [median(there), median(not)];
    const [less, more] = [Math.min(first, second), Math.max(first, second)];
    tell(more > 2 * less && more - less > 15, `takes ${first.toFixed(0)} ms and ${second.toFixed(0)} ms`, way);
    notes.push(`${way}: ${first.toFixed(0)} and ${second.toFixed(0)} ms`);
  }
  return notes.join(', ');
}

/** One of a customer of somebody's, one of nobody's. */
const PHONES = ['0671234567', '0509998877'];

const neutral = ({ body, headers }: Answer, email: string) =>
  `${headers.location ?? ''}${body}`
    .replaceAll(email, 'EMAIL')
    .replace(/(nonce|value|content)="[^"]{20,}"/g, '')
    .replace(/0671234567|0509998877/g, 'PHONE')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID');

const median = (all: number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

async function timed(work: () => Promise<Answer>) {
  const started = performance.now();
  const answer = await work();
  return { answer, taken: performance.now() - started };
}

const MORE = {
  ...{
    admin: 'on',
    moderator: 'on',
    role: 'owner',
    plan: 'paid',
    slug: 'odd',
    id: '00000000-0000-7000-8000-000000000001',
  },
  ...{
    company_id: '00000000-0000-7000-8000-000000000001',
    companyId: '00000000-0000-7000-8000-000000000001',
    password_hash: 'x',
  },
  ...{
    disabled_at: '2020-01-01',
    '__proto__[admin]': 'on',
    'constructor[prototype][admin]': 'on',
    orders_count: '999',
    state: 'published',
  },
};

/** Fields that a form does not have change nothing; the API refuses them. */
async function assigned(
  { portal, own, attackers }: Stage,
  { site, hidden, user }: Attacker,
  tell: Tell,
): Promise<void> {
  const rows = async () => {
    const people = await portal.database.pool.query(
      'select id, moderator, admin, disabled_at from app_user order by id',
    );
    const roles = await portal.database.pool.query('select * from membership order by company_id, user_id');
    const firms = await portal.database.pool.query('select id, slug, plan from company order by id');
    return JSON.stringify([people.rows, roles.rows, firms.rows]);
  };
  const before = await rows();
  const page = await call(site, '/settings/company');
  const shown = [...page.body.matchAll(/name="(\w+)"[^>]*value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const forms: [string, Record<string, string>][] = [
    ['/profile', { name: 'Odd', locale: 'en' }],
    ['/settings/company', Object.fromEntries(shown)],
    ['/customers/new', { name: 'Odd Counter' }],
    ['/tags', { name: 'Odd', colour: 'red' }],
    [`/customers/${own.ids.customer}/edit`, { name: 'Odd' }],
  ];
  for (const [path, fields] of forms) {
    const { status } = await send({ site, hidden }, path, { ...MORE, ...fields });
    tell(status >= 500, `was answered ${status}`, path);
  }
  const rest = (await rows()) === before;
  tell(!rest, `made more of somebody (${user?.email ?? 'nobody'})`, 'fields that no form has');
  const [customer] = (
    await portal.database.pool.query("select company_id from customer where name = 'Odd Counter' and orders_count > 0")
  ).rows;
  tell(customer !== undefined, 'a counter was set by a form', '/customers/new');
  const api = `/api/v1/companies/${own.company.slug}/orders`;
  const body = JSON.stringify({ orders: [], companyId: own.company.id, admin: true });
  const { status } = await call(attackers.key.site, api, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  tell(status !== 400, `unknown fields are answered ${status}`, api);
}

/** Every id of the other company, in every address that takes one. */
async function guessed({ portal }: Stage, { site }: Attacker, tell: Tell): Promise<void> {
  const { rows } = await portal.database.pool.query<{ id: string; kind: string }>(`
    select c.id, 'customers' as kind from customer c join company on company.id = c.company_id where slug = 'canary-company-b'
    union all select a.id, 'orders' from arrival a join company on company.id = a.company_id where slug = 'canary-company-b'`);
  tell(rows.length === 0, 'the check is blind: the other company has nothing', 'ids');
  for (const { id, kind } of rows) {
    for (const path of [
      `/${kind}/${id}`,
      `/customers?ids=${id}`,
      `/duplicates/merge?ids=${id}`,
      `/sms/new?ids=${id}`,
    ]) {
      const { status, body } = await call(site, path);
      tell(status === 200 && body.includes('Kanarienvogel'), 'shows what another company has', path);
    }
  }
}
