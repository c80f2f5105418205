import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { SCOPES } from '../../src/keys/keys.ts';
import type { IdKind } from '../../src/web/context.ts';
import { apiKey } from '../make.ts';
import { ask, call, everyId, idOfB as idOf, missingId, verb } from './asking.ts';
import { CANARIES, calls, everythingOfB, makeWorld, nameOf, pages, pathOf, type World } from './world.ts';

// Generated from the route table: every route and verb, asked by company A with what belongs to company B, beside a missing id as
// control. A new route is covered the moment it stands in the table.

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

const withIds = pages.filter((route) => route.path.includes(':'));
// To have read a notice is one's own affair, not the company's.
const PERSONAL = ['/notices/read', '/notices/:id/read'];
const writes = pages.filter((route) => route.method !== 'GET');
const ours = pages.filter((route) => /^(customers|exports|settings):/.test(route.permission));

test('every parameter of every route says what it names', () => {
  for (const route of [...pages, ...calls]) expect(() => pathOf(route, () => 'x')).not.toThrow();
  expect(pages.length).toBeGreaterThan(30);
  expect(calls.length).toBeGreaterThan(5);
});

describe('a page with an id of another company answers as if there were none', () => {
  test.each(withIds.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const [theirs, missing] = [pathOf(route, idOfB), pathOf(route, missingId)];
    const [first, control] = [await ask(world.owner, route, theirs), await ask(world.owner, route, missing)];
    expect(first).toEqual(control);
    expect(CANARIES.filter((canary) => first.body.includes(canary))).toEqual([]);
    if (ours.includes(route)) expect(first.status).toBe(404);
  });
});

describe('what another company has never shows, whatever the query or the form names', () => {
  test.each(pages.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    if (route.permission === 'loopback') return expect(route.method).toBe('GET');
    const answer = await ask(
      world.owner,
      route,
      `${pathOf(route, missingId)}?${new URLSearchParams(everyIdOfB())}`,
      everyIdOfB(),
    );
    expect(answer.status).toBeLessThan(500);
    // What A itself typed comes back to A; only what the portal adds to it would be a leak.
    const said = JSON.stringify(everyIdOfB());
    expect(CANARIES.filter((canary) => answer.body.includes(canary) && !said.includes(canary))).toEqual([]);
  });
});

describe('rights', () => {
  test('a viewer can send no form that changes the company', async () => {
    for (const route of writes.filter((each) => ours.includes(each) && !PERSONAL.includes(each.path))) {
      expect([nameOf(route), (await ask(world.viewer, route, pathOf(route, missingId))).status]).toEqual([
        nameOf(route),
        403,
      ]);
    }
  });

  test('a user of no company enters no company, and no owner the portal’s own pages', async () => {
    for (const route of ours)
      expect([nameOf(route), (await ask(world.nobody, route, pathOf(route, missingId))).status]).toEqual([
        nameOf(route),
        403,
      ]);
    for (const route of pages.filter(({ permission }) => permission === 'admin' || permission === 'moderator')) {
      expect([nameOf(route), (await ask(world.owner, route, pathOf(route, missingId))).status]).toEqual([
        nameOf(route),
        403,
      ]);
    }
  });

  test('who is not signed in is sent to sign in', async () => {
    for (const route of pages.filter(({ permission }) => permission !== 'public' && permission !== 'loopback')) {
      const answer = await request(world.portal.app)[verb(route)](pathOf(route, missingId));
      expect([nameOf(route), answer.status === 303 || answer.status === 403]).toEqual([nameOf(route), true]);
      expect(CANARIES.filter((canary) => answer.text?.includes(canary))).toEqual([]);
    }
  });
});

describe('a call with a key of another company', () => {
  test.each(calls.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const key = await apiKey(world.portal, world.a, SCOPES);
    const [theirs, missing] = [
      await call(world, route, key, 'theirs', idOfB),
      await call(world, route, key, 'no-such-company', missingId),
    ];
    expect(theirs.status).toBe(404);
    expect([theirs.status, theirs.text]).toEqual([missing.status, missing.text]);
    const [inside, control] = [
      await call(world, route, key, 'ours', idOfB),
      await call(world, route, key, 'ours', missingId),
    ];
    expect([inside.status, inside.text]).toEqual([control.status, control.text]);
    expect(CANARIES.filter((canary) => inside.text.includes(canary))).toEqual([]);
  });

  test('a key with all scopes but one cannot make the calls of that one, which its own key can', async () => {
    for (const scope of SCOPES) {
      const others = SCOPES.filter((each) => each !== scope);
      const [other, own] = [await apiKey(world.portal, world.a, others), await apiKey(world.portal, world.a, [scope])];
      for (const route of calls.filter(({ permission }) => permission === `api:${scope}`)) {
        expect([nameOf(route), (await call(world, route, other, 'ours', missingId)).status]).toEqual([
          nameOf(route),
          403,
        ]);
        expect([nameOf(route), (await call(world, route, own, 'ours', missingId)).status]).not.toEqual([
          nameOf(route),
          403,
        ]);
      }
    }
  });
});

test('after all that, not a letter of the other company has changed', async () => {
  const before = await everythingOfB(world);
  expect(before).toContain('Kanarienvogel');
  for (const route of writes.filter(({ permission }) => permission !== 'public'))
    await ask(world.owner, route, pathOf(route, idOfB), everyIdOfB());
  expect(await everythingOfB(world)).toBe(before);
});

const idOfB = (kind: IdKind) => idOf(world)(kind);
const everyIdOfB = () => everyId(idOfB);
