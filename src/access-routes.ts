import * as adminSignIn from './admin/sign-in-pages.ts';
import * as code from './auth/second-factor/login-pages.ts';
import * as security from './auth/second-factor/pages.ts';
import * as signIns from './auth/sign-ins/pages.ts';
import * as members from './settings/second-factor-pages.ts';
import type { Route } from './web/context.ts';

const userId = { id: 'user' } as const;
const signInId = { id: 'signIn' } as const;

/** The second half of signing in, what one sets up for it, and where one is signed in. */
export const accessRoutes: readonly Route[] = [
  { method: 'GET', path: '/login/code', permission: 'public', handler: code.showCode },
  { method: 'POST', path: '/login/code', permission: 'public', handler: code.postCode },

  { method: 'GET', path: '/profile/security', permission: 'signed-in', handler: security.show },
  { method: 'POST', path: '/profile/security', permission: 'signed-in', handler: security.begin },
  { method: 'GET', path: '/profile/security/setup', permission: 'signed-in', handler: security.showSetup },
  { method: 'POST', path: '/profile/security/setup', permission: 'signed-in', handler: security.confirm },
  { method: 'GET', path: '/profile/security/codes', permission: 'signed-in', handler: security.askCodes },
  { method: 'POST', path: '/profile/security/codes', permission: 'signed-in', handler: security.makeNewCodes },
  { method: 'GET', path: '/profile/security/device', permission: 'signed-in', handler: security.askDevice },
  { method: 'POST', path: '/profile/security/device', permission: 'signed-in', handler: security.changeDevice },
  { method: 'GET', path: '/profile/security/removal', permission: 'signed-in', handler: security.askRemoval },
  { method: 'POST', path: '/profile/security/removal', permission: 'signed-in', handler: security.remove },

  { method: 'GET', path: '/profile/sessions', permission: 'signed-in', handler: signIns.list },
  {
    method: 'POST',
    path: '/profile/sessions/:id/ending',
    ids: signInId,
    permission: 'signed-in',
    handler: signIns.end,
  },
  { method: 'POST', path: '/profile/other-sessions/ending', permission: 'signed-in', handler: signIns.endOthers },

  // Of the company's people, and of everybody
  { method: 'POST', path: '/settings/second-factor', permission: 'settings:manage', handler: members.want },
  {
    method: 'GET',
    path: '/settings/users/:id/second-factor-removal',
    ids: userId,
    permission: 'settings:manage',
    handler: members.askRemoval,
  },
  {
    method: 'POST',
    path: '/settings/users/:id/second-factor-removal',
    ids: userId,
    permission: 'settings:manage',
    handler: members.remove,
  },
  {
    method: 'GET',
    path: '/admin/users/:id/second-factor-removal',
    ids: userId,
    permission: 'admin',
    handler: adminSignIn.askRemoval,
  },
  {
    method: 'POST',
    path: '/admin/users/:id/second-factor-removal',
    ids: userId,
    permission: 'admin',
    handler: adminSignIn.remove,
  },
  {
    method: 'GET',
    path: '/admin/users/:id/sessions-ending',
    ids: userId,
    permission: 'admin',
    handler: adminSignIn.askEnding,
  },
  {
    method: 'POST',
    path: '/admin/users/:id/sessions-ending',
    ids: userId,
    permission: 'admin',
    handler: adminSignIn.end,
  },
];
