import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { routes } from '../../src/routes.ts';
import type { CompanyPermission, Route } from '../../src/web/context.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';

// What is proved here holds for every row of the route table, also for those that are added tomorrow.
const pages = routes.filter((route) => !route.permission.startsWith('api:') && !route.path.startsWith('/api/'));
const changing = pages.filter(({ method }) => method !== 'GET');

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** The address with ids that name nothing. */
const addressOf = ({ path }: Route) => path.replace(/:\w+/g, () => newId());

const send = ({ agent }: Visitor, route: Route, fields: object = {}, headers: Record<string, string> = {}) =>
  agent[route.method === 'GET' ? 'get' : 'post'](addressOf(route)).set(headers).type('form').send(fields);

describe('a changing request', () => {
  const everybody = async () => {
    const company = await makeCompany(portal);
    return signIn(portal, await makeUser(portal, { company, admin: true, moderator: true }));
  };

  test('without the token of the session is refused on every address', async () => {
    const visitor = await everybody();
    for (const route of changing) {
      expect([route.path, (await send(visitor, route)).status]).toEqual([route.path, 403]);
      expect([route.path, (await send(visitor, route, { _csrf: 'guessed' })).status]).toEqual([route.path, 403]);
    }
  });

  test('from another site is refused on every address, whatever it brings', async () => {
    const visitor = await everybody();
    const fields = { _csrf: visitor.csrf };
    for (const route of changing) {
      const elsewhere = [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.example' }, { Origin: 'null' }];
      for (const headers of elsewhere) {
        expect([route.path, (await send(visitor, route, fields, headers)).status]).toEqual([route.path, 403]);
      }
    }
  });

  test('from our own pages is taken, in both ways a browser says so', async () => {
    const visitor = await everybody();
    for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: 'http://localhost:3000' }]) {
      const answer = await visitor.agent
        .post('/profile/theme')
        .set(headers)
        .type('form')
        .send({ _csrf: visitor.csrf, theme: 'dark', back: '/profile' });
      expect(answer.status).toBe(303);
    }
  });

  test('carries a token that dies with the sign-in it was made for', async () => {
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    const visitor = await signIn(portal, user);
    const old = visitor.csrf;
    await visitor.post('/logout');
    await visitor.get('/login');
    await visitor.post('/login', { email: user.email, password: user.password });
    const answer = await visitor.agent.post('/profile/theme').type('form').send({ _csrf: old, theme: 'dark' });
    expect(answer.status).toBe(403);
  });
});

describe('who may', () => {
  const allowed: Record<CompanyPermission, readonly string[]> = {
    'customers:read': ['owner', 'manager', 'viewer'],
    'customers:write': ['owner', 'manager'],
    'campaigns:send': ['owner', 'manager'],
    'exports:create': ['owner', 'manager'],
    'settings:manage': ['owner'],
  };

  test.each(['owner', 'manager', 'viewer'] as const)(
    '%s: every address lets in whom its permission names',
    async (role) => {
      const visitor = await memberOf(portal, await makeCompany(portal), role);
      for (const route of pages.filter(({ permission }) => permission in allowed)) {
        const { status } = await send(visitor, route, { _csrf: visitor.csrf });
        const may = allowed[route.permission as CompanyPermission].includes(role);
        expect([route.method, route.path, status === 403]).toEqual([route.method, route.path, !may]);
      }
    },
  );

  test('people without the right see nothing of the portal’s own screens', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    for (const route of pages.filter(({ permission }) => permission === 'admin' || permission === 'moderator')) {
      const { status } = await send(visitor, route, { _csrf: visitor.csrf });
      expect([route.path, status]).toEqual([route.path, 403]);
    }
  });

  test('strangers are led to the sign-in from every page, and back after it', async () => {
    const visitor = new Visitor(portal);
    for (const route of pages.filter(({ method, permission }) => method === 'GET' && !isOpen(permission))) {
      const { status, headers } = await send(visitor, route);
      expect([route.path, status]).toEqual([route.path, 303]);
      expect(headers.location).toMatch(/^\/login\?next=%2F/);
    }
  });

  test('a user of no company is told so, not shown somebody’s', async () => {
    const visitor = await signIn(portal, await makeUser(portal));
    for (const route of pages.filter(({ permission }) => permission in allowed)) {
      const { status, text } = await send(visitor, route, { _csrf: visitor.csrf });
      expect([route.path, status]).toEqual([route.path, 403]);
      expect(text).toContain('in no company yet');
    }
  });
});

describe('P-05 without a paid plan', () => {
  test('reading, exporting and the settings go on, no customer can be changed, and the page says why', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal, { plan: 'free' }));
    for (const route of pages.filter(({ permission }) => permission in PLAN)) {
      const { status, text } = await send(visitor, route, { _csrf: visitor.csrf });
      const free = PLAN[route.permission as CompanyPermission];
      expect([route.method, route.path, status === 403]).toEqual([route.method, route.path, !free]);
      if (!free) expect(text).toContain('needs a paid plan');
    }
  });

  test('every page carries the notice; with a plan none does', async () => {
    const free = await memberOf(portal, await makeCompany(portal, { plan: 'free' }));
    expect((await free.get('/notices')).text).toContain('no paid plan');
    const paid = await memberOf(portal, await makeCompany(portal));
    expect((await paid.get('/notices')).text).not.toContain('no paid plan');
  });
});

const PLAN: Record<CompanyPermission, boolean> = {
  'customers:read': true,
  'exports:create': true,
  'customers:write': false,
  'campaigns:send': false,
  'settings:manage': true,
};

const isOpen = (permission: string) => permission === 'public' || permission === 'loopback';

describe('an address with an id', () => {
  test('that is no id answers as one that is not there', async () => {
    const company = await makeCompany(portal);
    const visitor = await signIn(portal, await makeUser(portal, { company, admin: true, moderator: true }));
    const named = pages.filter(
      ({ ids = {}, permission }) => permission !== 'public' && Object.values(ids).some((kind) => kind !== 'slug'),
    );
    for (const route of named) {
      const answers = [];
      for (const id of ['nonsense', "1' or '1'='1", newId()]) {
        const path = route.path.replace(/:\w+/g, encodeURIComponent(id));
        const method = route.method === 'GET' ? 'get' : 'post';
        answers.push((await visitor.agent[method](path).type('form').send({ _csrf: visitor.csrf })).status);
      }
      expect([route.path, ...answers]).toEqual([route.path, 404, 404, 404]);
    }
  });

  test('every parameter of every address says what it names', () => {
    for (const { path, ids = {} } of routes) {
      expect(Object.keys(ids).sort()).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort());
    }
  });
});

describe('no page', () => {
  test.each(['en', 'uk'] as const)('shows the key of a word instead of the word (%s)', async (locale) => {
    const company = await makeCompany(portal);
    const visitor = await signIn(portal, await makeUser(portal, { company, admin: true, moderator: true, locale }));
    for (const route of pages.filter(({ method, permission }) => method === 'GET' && permission !== 'public')) {
      const { text, type } = await send(visitor, route);
      if (type === 'text/html') expect(text.match(/[>"][a-z-]+(\.[A-Za-z-]+){2,}[<" ]/g) ?? []).toEqual([]);
    }
  });
});
