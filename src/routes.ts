import * as login from './auth/login-pages.ts';
import * as home from './home.ts';
import type { Route } from './web/context.ts';

/** Every address of the portal, who may use it, and what answers. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', permission: 'public', handler: home.show },

  // Signing in
  { method: 'GET', path: '/login', permission: 'public', handler: login.showLogin },
  { method: 'POST', path: '/login', permission: 'public', handler: login.postLogin },
  { method: 'POST', path: '/logout', permission: 'signed-in', handler: login.postLogout },
];
