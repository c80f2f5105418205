import { Agent } from 'node:http';
import { hashPassword } from '../../src/auth/password.ts';
import { newId } from '../../src/kernel/id.ts';
import { query } from '../bench/build/cluster.ts';
import { call, type Site } from '../bench/load.ts';
import { tokenOf } from './forms.ts';
import type { Stage } from './stage.ts';

/** Somebody at a browser, signed in. */
export interface User {
  number: number;
  /** may change what there is */
  writes: boolean;
  site: Site;
  csrf: string;
}

const PASSWORD = 'the password of the load test';

/** Members of the big company: of ten, seven managers, two viewers and an owner. All have the same password, so that hashing it is done once. */
export async function makeUsers({ cluster, company, options }: Stage, stamp: string): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  const numbers = Array.from({ length: options.users }, (_, n) => n);
  await query(cluster.superuserUrl, INSERT, [
    ...[numbers.map(() => newId()), numbers.map((n) => emailOf(stamp, n)), numbers.map(roleOf)],
    ...[passwordHash, company.id],
  ]);
}

const INSERT = `
  with given as (
    select * from unnest($1::uuid[], $2::text[], $3::text[]) as g (id, email, role)
  ), users as (
    insert into app_user (id, email, name, password_hash, locale) select id, email, 'Load', $4, 'en' from given
  )
  insert into membership (company_id, user_id, role) select $5::uuid, id, role from given`;

const emailOf = (stamp: string, n: number) => `load-${stamp}-${n}@example.com`;
const roleOf = (n: number) => (n % 10 === 0 ? 'owner' : n % 10 < 3 ? 'viewer' : 'manager');

/** The form, its token, and then the cookie. All share one agent, as all of a town share its lines. */
export async function signInAll({ port, options }: Stage, stamp: string, agent: Agent): Promise<User[]> {
  const users: User[] = [];
  const numbers = Array.from({ length: options.users }, (_, n) => n);
  const clerk = async () => {
    for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) users.push(await signIn(port, agent, stamp, n));
  };
  await Promise.all([clerk(), clerk()]);
  return users;
}

export const openAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 256 });

async function signIn(port: number, agent: Agent, stamp: string, n: number): Promise<User> {
  const address = { 'x-forwarded-for': `10.1.${n >> 8}.${n & 255}` };
  const anonymous: Site = { port, agent, headers: address };
  const form = await call(anonymous, '/login');
  const body = new URLSearchParams({ _csrf: tokenOf(form.body), email: emailOf(stamp, n), password: PASSWORD });
  const headers = { cookie: cookiesOf(form.headers), 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await call(anonymous, '/login', { method: 'POST', body: body.toString(), headers });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  const site = { port, agent, headers: { ...address, cookie: cookiesOf(answer.headers) } };
  return { number: n, writes: roleOf(n) !== 'viewer', site, csrf: '' };
}

const cookiesOf = (headers: { 'set-cookie'?: string[] | undefined }) =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
