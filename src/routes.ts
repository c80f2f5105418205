import { apiRoutes } from './api-routes.ts';
import * as invitation from './auth/invitation-pages.ts';
import * as login from './auth/login-pages.ts';
import * as profile from './auth/profile-pages.ts';
import * as reset from './auth/reset-pages.ts';
import * as companies from './companies/pages.ts';
import * as exports from './exports/pages.ts';
import * as home from './home.ts';
import * as notices from './notices/pages.ts';
import * as outbox from './outbox/pages.ts';
import type { Route } from './web/context.ts';

const token = { token: 'token' } as const;
const notice = { id: 'notice' } as const;
const company = { id: 'company' } as const;
const exported = { id: 'export' } as const;

/** Every address of the portal, who may use it, and what answers. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', permission: 'public', handler: home.show },

  // Signing in
  { method: 'GET', path: '/login', permission: 'public', handler: login.showLogin },
  { method: 'POST', path: '/login', permission: 'public', handler: login.postLogin },
  { method: 'POST', path: '/logout', permission: 'signed-in', handler: login.postLogout },
  { method: 'GET', path: '/password/forgot', permission: 'public', handler: reset.showForgot },
  { method: 'POST', path: '/password/forgot', permission: 'public', handler: reset.postForgot },
  { method: 'GET', path: '/password/reset/:token', ids: token, permission: 'public', handler: reset.showReset },
  { method: 'POST', path: '/password/reset/:token', ids: token, permission: 'public', handler: reset.postReset },
  { method: 'GET', path: '/invitations/:token', ids: token, permission: 'public', handler: invitation.show },
  { method: 'POST', path: '/invitations/:token', ids: token, permission: 'public', handler: invitation.accept },

  // Oneself
  { method: 'GET', path: '/profile', permission: 'signed-in', handler: profile.showProfile },
  { method: 'POST', path: '/profile', permission: 'signed-in', handler: profile.postProfile },
  { method: 'POST', path: '/profile/password', permission: 'signed-in', handler: profile.postPassword },
  { method: 'POST', path: '/profile/theme', permission: 'signed-in', handler: profile.postTheme },
  { method: 'POST', path: '/profile/language', permission: 'signed-in', handler: profile.postLanguage },
  { method: 'GET', path: '/companies', permission: 'signed-in', handler: companies.list },
  { method: 'POST', path: '/companies/:id/current', ids: company, permission: 'signed-in', handler: companies.enter },
  { method: 'GET', path: '/notices', permission: 'customers:read', handler: notices.list },
  { method: 'POST', path: '/notices/read', permission: 'customers:read', handler: notices.readAll },
  { method: 'POST', path: '/notices/:id/read', ids: notice, permission: 'customers:read', handler: notices.read },

  // Exports
  { method: 'GET', path: '/exports', permission: 'exports:create', handler: exports.list },
  { method: 'POST', path: '/exports', permission: 'exports:create', handler: exports.create },
  { method: 'GET', path: '/exports/:id/file', ids: exported, permission: 'exports:create', handler: exports.download },
  {
    method: 'POST',
    path: '/exports/:id/cancellation',
    ids: exported,
    permission: 'exports:create',
    handler: exports.cancel,
  },
  {
    method: 'GET',
    path: '/exports/:id/revocation',
    ids: exported,
    permission: 'exports:create',
    handler: exports.confirmRevocation,
  },
  {
    method: 'POST',
    path: '/exports/:id/revocation',
    ids: exported,
    permission: 'exports:create',
    handler: exports.revoke,
  },

  // The developer's own machine
  { method: 'GET', path: '/outbox', permission: 'loopback', handler: outbox.list },

  // Programs
  ...apiRoutes,
];
