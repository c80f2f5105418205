import { SCOPES } from '../../src/keys/keys.ts';
import { sql } from '../../src/platform/db.ts';
import { type Answer, call, type Site, site } from '../bench/load.ts';
import type { Everything } from '../browser/everything.ts';
import { OLENA } from '../browser/shop.ts';
import { apiKey, hiddenField, makeUser, type TestApp, type TestUser } from '../make.ts';

export type Who = 'nobody' | 'person' | 'owner' | 'viewer' | 'moderator' | 'admin' | 'key';

/** Somebody who attacks, with what opens the door to them. */
export interface Attacker {
  who: Who;
  site: Site;
  /** what a tool sends with every request */
  headers: Readonly<Record<string, string>>;
  /** of every form */
  hidden: Readonly<Record<string, string>>;
  /** null: nobody signs in */
  user: TestUser | null;
}

export type Attackers = Readonly<Record<Who, Attacker>>;

export async function makeAttackers(portal: TestApp, own: Everything, port: number): Promise<Attackers> {
  const people: Record<'owner' | 'viewer' | 'moderator' | 'admin', TestUser> = {
    owner: await makeUser(portal, { company: own.company }),
    viewer: await makeUser(portal, { company: own.company, role: 'viewer' }),
    moderator: await makeUser(portal, { moderator: true }),
    admin: await makeUser(portal, { admin: true }),
  };
  const key = await apiKey(portal, own.company, SCOPES);
  const signedIn = async (who: keyof typeof people) => ({
    who,
    user: people[who],
    ...(await enter(port, people[who])),
  });
  return {
    nobody: { who: 'nobody', user: null, ...(await arrive(port)) },
    person: { who: 'person', user: null, ...(await prove(portal, port)) },
    owner: await signedIn('owner'),
    viewer: await signedIn('viewer'),
    moderator: await signedIn('moderator'),
    admin: await signedIn('admin'),
    key: { who: 'key', user: null, ...opened(port, { authorization: `Bearer ${key}` }, {}) },
  };
}

type Opened = Pick<Attacker, 'site' | 'headers' | 'hidden'>;

const opened = (port: number, headers: Record<string, string>, hidden: Record<string, string>): Opened => ({
  site: site(port, headers),
  headers,
  hidden,
});

/** A browser with a session of nobody, as the page of the sign-in gives it. */
async function arrive(port: number): Promise<Opened> {
  const page = await call(site(port), '/login');
  return opened(port, { cookie: cookiesOf(page) }, hiddenOf(page.body));
}

async function enter(port: number, { email, password }: TestUser): Promise<Opened> {
  const stranger = await arrive(port);
  const answer = await send(stranger, '/login', { email, password });
  if (answer.status !== 303) throw new Error(`The sign-in of ${email} was answered ${answer.status}`);
  const headers = { cookie: cookiesOf(answer) };
  const page = await call(site(port, headers), '/profile');
  const shown = await call(site(port, headers), '/customers/new');
  return opened(port, headers, { ...hiddenOf(page.body), ...hiddenOf(shown.body) });
}

/** The person behind a number, by the code that was sent there. */
async function prove({ database }: TestApp, port: number): Promise<Opened> {
  const stranger = await arrive(port);
  const named = await send(stranger, '/about-me', { country: 'UA', phone: OLENA.phones[0] ?? '' });
  const [letter] = await database.prisma.$queryRaw<{ body: string }[]>(
    sql`select body from outbox where channel = 'sms' and address = '+380671234567' order by created_at desc limit 1`,
  );
  const waiting = opened(port, { cookie: `${stranger.headers.cookie}; ${cookiesOf(named)}` }, stranger.hidden);
  const proved = await send(waiting, '/about-me/code', { code: /\b\d{6}\b/.exec(letter?.body ?? '')?.[0] ?? '' });
  const headers = { cookie: `${stranger.headers.cookie}; ${cookiesOf(proved)}` };
  const page = await call(site(port, headers), '/about-me');
  if (!page.body.includes('/about-me/departure')) throw new Error('The number was not proved');
  return opened(port, headers, stranger.hidden);
}

/** Signs in again where what was tried has ended the session; whether it had to. */
export async function revive(attackers: Attackers, who: Who): Promise<boolean> {
  const attacker = attackers[who];
  if (!attacker.user || (await isIn(attacker))) return false;
  Object.assign(attacker, await enter(attacker.site.port, attacker.user));
  return true;
}

export const isIn = async ({ site }: Pick<Attacker, 'site'>): Promise<boolean> =>
  (await call(site, '/profile')).status === 200;

/** Sends a form as our pages do. */
export const send = (
  { site, hidden }: Pick<Attacker, 'site' | 'hidden'>,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call(site, path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ ...hidden, ...fields }).toString(),
  });

export const cookiesOf = ({ headers }: Pick<Answer, 'headers'>): string =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');

export function hiddenOf(html: string): Record<string, string> {
  const found = ['_csrf', '_company'].flatMap((name) => {
    const value = hiddenField(html, name);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
