import { newId } from '../kernel/id.ts';
import type { Route } from '../web/context.ts';
import type { Sample } from './canaries.ts';

/** One thing to ask as somebody of a company. */
export interface Question {
  /** the row of the route table */
  route: string;
  path: string;
  /** with the key of the API, with a session, or as a stranger */
  as: 'key' | 'member' | 'stranger';
  /** what another company's id was put into: the address of a missing one, which has to answer with the same status */
  control: string | null;
}

/** What a company's people and programs can open. The portal's own pages, and those of this machine alone, are none of a company's. */
export const openable = (routes: readonly Route[]): Route[] =>
  routes.filter(
    ({ method, permission, path }) =>
      method === 'GET' && !['admin', 'moderator', 'loopback', 'webhook'].includes(permission) && !PORTAL.includes(path),
  );

const PORTAL = ['/metrics', '/healthz', '/readyz'];

export const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/**
 * Every row of the route table, as far as there are ids for it: with what is the company's own, with another company's ids, and, where
 * it lists something, with a search for another company's people. A row that is new today is asked today.
 */
export function questions(routes: readonly Route[], own: Sample, foreign: Sample): Question[] {
  return openable(routes).flatMap((route) => {
    const about = { route: nameOf(route), as: asker(route) } as const;
    const listing = Object.values(route.ids ?? {}).every((kind) => kind === 'slug');
    const home = pathOf(route, own.ids);
    const asked: Question[] = home === null ? [] : [{ ...about, path: home, control: null }];
    if (!listing) return [...asked, ...trespasses(route, own, foreign).map((trespass) => ({ ...about, ...trespass }))];
    if (home === null) return asked;
    const searches = searchesFor(foreign).map((query) => ({ ...about, path: `${home}?${query}`, control: null }));
    const strange = route.permission.startsWith('api:') ? trespasses(route, own, foreign) : [];
    return [...asked, ...searches, ...strange.map((trespass) => ({ ...about, ...trespass }))];
  });
}

function asker({ permission }: Route): Question['as'] {
  if (permission.startsWith('api:')) return 'key';
  return permission === 'public' ? 'stranger' : 'member';
}

/**
 * With another company's ids, all of them and one by one. What stands in a message opens to whoever has it: there another company's
 * code is put beside one's own number.
 */
function trespasses(route: Route, own: Sample, foreign: Sample): { path: string; control: string }[] {
  if (Object.values(route.ids ?? {}).includes('token')) return strangeLink(route, own, foreign);
  const missing = Object.fromEntries(
    Object.keys(foreign.ids).map((kind) => [kind, kind === 'slug' ? 'no-such-company' : newId()]),
  );
  const kinds = [...new Set(Object.values(route.ids ?? {}))];
  const ways = [
    { theirs: foreign.ids, none: missing },
    ...(kinds.length > 1
      ? kinds.map((kind) => ({
          theirs: { ...own.ids, [kind]: foreign.ids[kind] ?? '' },
          none: { ...own.ids, [kind]: missing[kind] ?? newId() },
        }))
      : []),
  ];
  return ways.flatMap(({ theirs, none }) => {
    const [path, control] = [pathOf(route, theirs), pathOf(route, none)];
    return path === null || control === null ? [] : [{ path, control }];
  });
}

function strangeLink(route: Route, own: Sample, foreign: Sample): { path: string; control: string }[] {
  const { code } = foreign.ids;
  if (!code || tokenOf(route) !== 'link') return [];
  const number = own.number.toString(36);
  return [
    {
      path: route.path.replace(/:\w+/, `${number}.${code}`),
      control: route.path.replace(/:\w+/, `${number}.nobody00`),
    },
  ];
}

/** null: the company has nothing of that kind */
function pathOf(route: Route, ids: Readonly<Record<string, string>>): string | null {
  let known = true;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const kind = route.ids?.[name] ?? '';
    const id = ids[kind === 'token' ? tokenOf(route) : kind];
    if (!id) known = false;
    return encodeURIComponent(id ?? '');
  });
  return known ? path : null;
}

/** Only their hashes are kept of most tokens; those in messages stand in the ledger. */
const tokenOf = ({ path }: Route) => (path.startsWith('/u/') ? 'link' : 'token');

function searchesFor({ ids, customers }: Sample): string[] {
  const [first] = customers;
  const texts = [first?.email ?? first?.phone].filter((text) => typeof text === 'string');
  const named = {
    q: first?.phone?.slice(-7),
    customer: ids.customer,
    other: ids.customer,
    id: ids.customer,
    ids: ids.customer,
    order: ids.order,
    tag: ids.tag,
  };
  const query = Object.entries(named).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return [
    ...texts.map((q) => new URLSearchParams({ q, per: '100' }).toString()),
    new URLSearchParams(query).toString(),
  ];
}
