import { isDeepStrictEqual } from 'node:util';
import request from 'supertest';
import { encodeCursor } from '../../../src/kernel/cursor.ts';
import { newId } from '../../../src/kernel/id.ts';
import { SCOPES } from '../../../src/keys/keys.ts';
import { contracts } from '../../../src/queue/contracts.ts';
import { deliveryToken } from '../../../src/sms/token.ts';
import type { IdKind, Route } from '../../../src/web/context.ts';
import { ask, call, everyId, type Ids, neutral, type Told } from '../../isolation/asking.ts';
import { CANARIES, isApi, nameOf, pathOf, type World } from '../../isolation/world.ts';
import { apiKey } from '../../make.ts';

export interface Seen {
  routes: Set<string>;
  /** pairs: what is B's, and what is not there */
  asked: number;
  leaks: Set<string>;
  differs: Set<string>;
}

export interface Asking {
  world: World;
  theirs: Ids;
  missing: Ids;
  seen: Seen;
}

/** Asks by each route in the path, the query, the body, filters, order, cursor and upload; then by links and jobs. */
export async function everyDoor(asking: Asking, asked: readonly Route[]): Promise<void> {
  const { world, seen } = asking;
  const key = await apiKey(world.portal, world.a, SCOPES);
  for (const route of asked) {
    seen.routes.add(nameOf(route));
    if (isApi(route)) await byKey(asking, route, key);
    else await bySession(asking, route);
  }
  await byLinks(asking);
  await byJobs(asking);
}

async function bySession(asking: Asking, route: Route): Promise<void> {
  const { world, theirs, missing } = asking;
  const say = (ids: Ids, fields: Record<string, string> = {}) => ask(world.owner, route, pathOf(route, ids), fields);
  if (route.path.includes(':'))
    await pair(
      asking,
      `${nameOf(route)} path`,
      () => say(theirs),
      () => say(missing),
    );
  // The path names nothing that is there, so that only what is named besides can tell.
  const beside = (ids: Ids) => {
    const fields = everyId(ids);
    const path = `${pathOf(route, missing)}?${new URLSearchParams(route.method === 'GET' ? { ...fields, ...asFilter(ids) } : fields)}`;
    return ask(world.owner, route, path, fields);
  };
  await pair(
    asking,
    `${nameOf(route)} query and body`,
    () => beside(theirs),
    () => beside(missing),
    everyId(theirs),
  );
  if (route.method === 'GET' && !route.path.includes(':')) await byFilters(asking, route);
  if (route.upload !== undefined) await byUpload(asking, route);
}

/** As a list is narrowed, ordered and leafed through. */
const asFilter = (ids: Ids): Record<string, string> => ({
  segment: ids('segment'),
  before: ids('customer'),
  after: ids('order'),
  cursor: encodeCursor(['2026-11-22T00:00:00.000Z', ids('customer')]),
});

async function byFilters(asking: Asking, route: Route): Promise<void> {
  const { world, theirs, missing } = asking;
  const ways = (ids: Ids): Record<string, string> => ({
    tag: `where=tag:is:${ids('tag')}`,
    group: `where=group:is:${ids('tag')}`,
    sort: `sort=-${ids('customer')}`,
    segment: `segment=${ids('segment')}`,
    before: `before=${ids('campaign')}`,
    after: `after=${ids('import')}`,
    cursor: `cursor=${encodeCursor(['2026-11-22T00:00:00.000Z', ids('customer')])}&dir=next`,
    search: `q=${ids('customer')}`,
  });
  const absent = ways(missing);
  for (const [way, query] of Object.entries(ways(theirs))) {
    const look = (given: string) => ask(world.owner, route, `${route.path}?${given}`);
    await pair(
      asking,
      `${nameOf(route)} ${way}`,
      () => look(query),
      () => look(absent[way] ?? ''),
    );
  }
}

async function byUpload(asking: Asking, route: Route): Promise<void> {
  const { world, theirs, missing } = asking;
  const send = async (ids: Ids): Promise<Told> => {
    const sent = world.owner.agent.post(pathOf(route, missing));
    const fields = { _csrf: world.owner.csrf, _company: ids('company'), ...everyId(ids) };
    for (const [name, value] of Object.entries(fields)) sent.field(name, value);
    const answer = await sent.attach('file', Buffer.from('Name\nnobody\n'), 'file.csv');
    return { status: answer.status, body: neutral(answer.text ?? '') };
  };
  await pair(
    asking,
    `${nameOf(route)} upload`,
    () => send(theirs),
    () => send(missing),
  );
}

async function byKey(asking: Asking, route: Route, key: string): Promise<void> {
  const { world, theirs, missing } = asking;
  const say = async (slug: string, ids: Ids): Promise<Told> => {
    const { status, text } = await call(world, route, key, slug, ids);
    return { status, body: neutral(text) };
  };
  await pair(
    asking,
    `${nameOf(route)} slug`,
    () => say('theirs', theirs),
    () => say('no-such-company', missing),
  );
  await pair(
    asking,
    `${nameOf(route)} inside`,
    () => say('ours', theirs),
    () => say('ours', missing),
  );
}

/** A sealed token of B's, and the same for what is not there, by somebody whom the provider has not signed for. */
async function byLinks(asking: Asking): Promise<void> {
  const { world, theirs, missing } = asking;
  const { sessionSecret } = world.portal.services.secrets;
  const hook = async (ids: Ids): Promise<Told> => {
    const token = deliveryToken(sessionSecret, ids('company'), ids('campaign'));
    const answer = await request(world.portal.app)
      .post(`/webhooks/twilio/status?d=${token}`)
      .type('form')
      .send({ MessageStatus: 'delivered' });
    return { status: answer.status, body: neutral(answer.text ?? '') };
  };
  await pair(
    asking,
    'link of a callback',
    () => hook(theirs),
    () => hook(missing),
  );
}

/** A job of A's whose payload names what is B's: the worker looks for it in A. */
async function byJobs({ world, theirs, missing, seen }: Asking): Promise<void> {
  const kinds: Partial<Record<string, IdKind>> = {
    bulkId: 'bulk',
    tagId: 'tag',
    exportId: 'export',
    importId: 'import',
    campaignId: 'campaign',
  };
  for (const [name, { scope, payload }] of Object.entries(contracts)) {
    if (scope !== 'company') continue;
    for (const ids of [theirs, missing]) {
      const named = Object.fromEntries(Object.entries(kinds).map(([field, kind]) => [field, kind ? ids(kind) : '']));
      const told = Object.entries(named)
        .map(([field, id]) => ({ [field]: id }))
        .find((each) => payload.safeParse(each).success);
      if (!told) continue;
      await world.portal.database.pool.query(
        'insert into job (id, company_id, name, payload) values ($1, $2, $3, $4)',
        [newId(), world.a.id, name, told],
      );
      seen.asked++;
    }
  }
  await world.portal.runJobs();
}

/** Both in a moment: what A knows of itself is the same for both. `said`: what A itself has typed may come back to it. */
async function pair(
  { seen }: Asking,
  what: string,
  theirs: () => Promise<Told>,
  missing: () => Promise<Told>,
  said: Record<string, string> = {},
): Promise<void> {
  const first = plain(await theirs());
  seen.asked++;
  const typed = JSON.stringify(said);
  if (CANARIES.some((canary) => first.body.includes(canary) && !typed.includes(canary))) seen.leaks.add(what);
  if (isDeepStrictEqual(first, plain(await missing()))) return;
  // A page may have changed by itself meanwhile: once more, and the control against itself.
  const [again, control, same] = [plain(await theirs()), plain(await missing()), plain(await missing())];
  if (again.status !== control.status) return void seen.differs.add(`${what} (${again.status}, ${control.status})`);
  if (isDeepStrictEqual(control, same) && !isDeepStrictEqual(again, control)) seen.differs.add(what);
}

/** Without what was typed, in whatever disguise it comes back: cursors, seals. */
const plain = ({ status, body }: Told): Told => ({ status, body: body.replace(/[\w-]{40,}/g, 'TOKEN') });
