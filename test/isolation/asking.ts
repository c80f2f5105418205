import request from 'supertest';
import { newId } from '../../src/kernel/id.ts';
import type { IdKind, Route } from '../../src/web/context.ts';
import type { Visitor } from '../make.ts';
import { isApi, nameOf, pathOf, type World } from './world.ts';

export type Ids = (kind: IdKind) => string;

/** What B has, as a path may name it. */
export const idOfB =
  (world: World): Ids =>
  (kind) =>
    kind === 'token' ? 'no-such-token' : world.idsOfB[kind];

export const missingId: Ids = (kind) => {
  if (kind === 'token') return 'no-such-token';
  return kind === 'slug' ? 'no-such-company' : newId();
};

/** Every name under which a form or an address might ask for something. */
export function everyId(id: Ids): Record<string, string> {
  const [customer, order, file, user, company] = (['customer', 'order', 'export', 'user', 'company'] as const).map(
    id,
  ) as [string, string, string, string, string];
  return {
    id: customer,
    ids: customer,
    customer,
    customerId: customer,
    other: customer,
    order,
    file,
    user,
    userId: user,
    companyId: company,
  };
}

export interface Told {
  status: number;
  body: string;
}

/** Status and body without what differs in every answer: tokens, nonces, request ids, the ids that were asked for. */
export async function ask(
  visitor: Visitor,
  route: Pick<Route, 'method' | 'path'>,
  path: string,
  fields: Record<string, string> = {},
): Promise<Told> {
  // Ending one's own session is no matter between companies, and would end the test.
  if (route.path === '/logout') return { status: 303, body: '' };
  const answer = route.method === 'GET' ? await visitor.get(path) : await visitor.post(path, fields);
  const text = `${answer.headers.location ?? ''}\n${answer.text ?? ''}`;
  return { status: answer.status, body: neutral(text) };
}

export const neutral = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/(nonce|value|content)="[^"]{20,}"/g, '$1=""')
    .replace(/no-such-company|theirs/g, 'SLUG');

export const verb = (route: Route) => route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A call of the API, in the company of that slug. */
export function call({ portal }: World, route: Route, key: string, slug: string, id: Ids) {
  if (!isApi(route)) throw new Error(`${nameOf(route)} is no call`);
  const path = pathOf(route, (kind) => (kind === 'slug' ? slug : id(kind)));
  const sent = request(portal.app)[verb(route)](path).set('Authorization', `Bearer ${key}`);
  return route.method === 'GET' ? sent : sent.send({});
}
