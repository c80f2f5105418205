import { newId } from '../../src/kernel/id.ts';
import type { ApiDoc } from '../../src/web/api-doc.ts';
import type { IdKind, Route } from '../../src/web/context.ts';
import { call } from '../bench/load.ts';
import type { Everything } from '../browser/everything.ts';
import { calls, nameOf, pages, pathOf } from '../isolation/world.ts';
import { formsOf, linksOf } from './forms.ts';
import type { Attacker, Who } from './people.ts';
import type { Stage } from './stage.ts';
import { TYPED } from './typed.ts';

/** One request that the portal knows, with everything that can be named in it. */
export interface Shot {
  route: Route;
  name: string;
  path: string;
  query: Readonly<Record<string, string>>;
  /** null: no form goes there */
  form: Readonly<Record<string, string>> | null;
  /** null: no JSON goes there */
  json: string | null;
}

/** What lists and searches may be asked, whether or not a page of today has a link that does. */
const ASKED: Readonly<Record<string, string>> = {
  ...{ q: 'Olena', where: 'orders:gte:1', sort: 'name', per: '20', cursor: 'x', before: 'x' },
  segment: 'all',
};

const ASKED_OF_ONE = { q: 'Olena', before: 'x', back: '/customers' };
const ASKED_OF_ALL = { next: '/profile', lang: 'en', back: '/customers' };

/** The seal of a callback stands in its address. */
const HOOKED: Readonly<Record<string, Readonly<Record<string, string>>>> = { webhook: { d: 'x' } };

/** Requests to every route that concerns this person, with the fields their pages print and ids of their own company. */
export async function catalogueOf({ own }: Pick<Stage, 'own'>, attacker: Attacker): Promise<Shot[]> {
  const { who } = attacker;
  if (who === 'key') return calls.map((route) => callShot(route, own));
  const mine = pages.filter((route) => CONCERNS[who](route));
  const { forms, queries } = await crawl(mine, own, attacker);
  return mine.map((route) => {
    const path = addressOf(route, own);
    const asked = isOpen(route) ? ASKED_OF_ALL : route.path.includes(':') ? ASKED_OF_ONE : ASKED;
    const query = route.method === 'GET' ? { ...asked, ...queries.get(path) } : (HOOKED[route.permission] ?? {});
    const form =
      route.method === 'GET' ? null : { ...TYPED[route.path], ...forms.get(nameOf(route)), ...attacker.hidden };
    return { route, name: nameOf(route), path, query, form, json: null };
  });
}

/** The address with ids of rows that are there. */
export const addressOf = (route: Route, own: Everything): string =>
  pathOf(route, (kind, name) => idOf(own, kind, route.path, name));

function idOf(own: Everything, kind: IdKind, path: string, name: string): string {
  if (kind === 'slug') return own.company.slug;
  if (kind !== 'token') return own.ids[kind] ?? newId();
  if (path.startsWith('/invitations')) return own.invitation;
  return name === 'code' ? (own.stopLink.split('/').at(-1) ?? 'x') : own.reset;
}

const isOpen = ({ permission }: Route) =>
  permission === 'public' || permission === 'loopback' || permission === 'webhook';
const inCompany = ({ permission }: Route) => permission.includes(':');
const oneself = ({ permission, path }: Route) => permission === 'signed-in' && path !== '/logout';

const CONCERNS: Readonly<Record<Exclude<Who, 'key'>, (route: Route) => boolean>> = {
  nobody: isOpen,
  person: ({ path }) => path.startsWith('/about-me') && path !== '/about-me/departure',
  owner: (route) => inCompany(route) || oneself(route),
  viewer: (route) => inCompany(route) && route.method === 'GET',
  moderator: (route) => route.permission === 'moderator' || oneself(route),
  admin: (route) => route.permission === 'admin' || oneself(route),
};

/** Looks at every page, and at what its links ask for, for the fields that are printed there. */
async function crawl(mine: readonly Route[], own: Everything, { site }: Attacker) {
  const forms = new Map<string, Record<string, string>>();
  const queries = new Map<string, Record<string, string>>();
  const gets = mine.filter(({ method }) => method === 'GET');
  const ahead = gets.map((route) => addressOf(route, own));
  const seen = new Set(ahead.map(shapeOf));
  for (let address = ahead.shift(); address !== undefined; address = ahead.shift()) {
    const { body } = await call(site, address);
    for (const link of linksOf(body).filter((each) => gets.some((route) => matches(route, each)))) {
      const [to = '', query] = link.split('?', 2);
      if (query === undefined) continue;
      queries.set(to, { ...queries.get(to), ...Object.fromEntries(new URLSearchParams(query)) });
      if (!seen.has(shapeOf(link))) ahead.push(link);
      seen.add(shapeOf(link));
    }
    for (const { action, method, fields } of formsOf(body, address)) {
      const target = mine.find((each) => each.method === method && matches(each, action));
      if (!target) continue;
      if (method === 'POST') forms.set(nameOf(target), { ...forms.get(nameOf(target)), ...fields });
      else queries.set(addressOf(target, own), { ...queries.get(addressOf(target, own)), ...fields });
    }
  }
  return { forms, queries };
}

/** Two addresses of one shape show the same forms. */
function shapeOf(address: string): string {
  const [path = '', query = ''] = address.split('?', 2);
  const names = [...new Set(new URLSearchParams(query).keys())].sort();
  return `${path.replace(/[0-9a-f-]{36}/g, ':id')}?${names.join('&')}`;
}

export const matches = ({ path }: Route, address: string) =>
  new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(address.split('?')[0] ?? '');

function callShot(route: Route, own: Everything): Shot {
  const { query, body } = (route as Route & { doc: ApiDoc }).doc;
  const asked = Object.keys(query?.shape ?? {}).map((name) => [name, ASKED[name] ?? '1']);
  const json = body ? JSON.stringify(body.example) : null;
  const path = addressOf(route, own);
  return { route, name: nameOf(route), path, query: Object.fromEntries(asked), form: null, json };
}
