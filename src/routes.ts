import { aboutRoutes } from './about-routes.ts';
import { accessRoutes } from './access-routes.ts';
import * as adminCompanies from './admin/companies-pages.ts';
import * as adminKeys from './admin/keys-pages.ts';
import * as rates from './admin/rates-pages.ts';
import * as adminUsers from './admin/users-pages.ts';
import { apiRoutes } from './api-routes.ts';
import * as invitation from './auth/invitation-pages.ts';
import * as login from './auth/login-pages.ts';
import * as profile from './auth/profile-pages.ts';
import * as reset from './auth/reset-pages.ts';
import { bulkRoutes } from './bulk-routes.ts';
import * as companies from './companies/pages.ts';
import { consentRoutes } from './consent-routes.ts';
import { customerRoutes } from './customer-routes.ts';
import { duplicateRoutes } from './duplicate-routes.ts';
import { editRoutes } from './edit-routes.ts';
import * as exports from './exports/pages.ts';
import * as home from './home.ts';
import { importRoutes } from './import-routes.ts';
import { letterRoutes } from './letter-routes.ts';
import { machineRoutes } from './machine-routes.ts';
import { moderationRoutes } from './moderation-routes.ts';
import * as notices from './notices/pages.ts';
import * as ops from './ops/pages.ts';
import * as outbox from './outbox/pages.ts';
import { reviewRoutes } from './review-routes.ts';
import { segmentRoutes } from './segment-routes.ts';
import * as company from './settings/company-pages.ts';
import * as keys from './settings/keys-pages.ts';
import * as people from './settings/users-pages.ts';
import { smsRoutes } from './sms-routes.ts';
import { tagRoutes } from './tag-routes.ts';
import type { Route } from './web/context.ts';
import { webhookRoutes } from './webhook-routes.ts';

const token = { token: 'token' } as const;
const notice = { id: 'notice' } as const;
const companyId = { id: 'company' } as const;
const userId = { id: 'user' } as const;
const invitationId = { id: 'invitation' } as const;
const keyId = { id: 'key' } as const;
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

  ...accessRoutes,

  // Oneself
  { method: 'GET', path: '/profile', permission: 'signed-in', handler: profile.showProfile },
  { method: 'POST', path: '/profile', permission: 'signed-in', handler: profile.postProfile },
  { method: 'POST', path: '/profile/password', permission: 'signed-in', handler: profile.postPassword },
  { method: 'POST', path: '/profile/theme', permission: 'signed-in', handler: profile.postTheme },
  { method: 'POST', path: '/profile/language', permission: 'signed-in', handler: profile.postLanguage },
  { method: 'GET', path: '/companies', permission: 'signed-in', handler: companies.list },
  { method: 'POST', path: '/companies/:id/current', ids: companyId, permission: 'signed-in', handler: companies.enter },
  { method: 'GET', path: '/notices', permission: 'customers:read', handler: notices.list },
  { method: 'POST', path: '/notices/read', permission: 'customers:read', handler: notices.readAll },
  { method: 'POST', path: '/notices/:id/read', ids: notice, permission: 'customers:read', handler: notices.read },

  // Exports
  { method: 'GET', path: '/exports', permission: 'exports:create', handler: exports.list },
  { method: 'POST', path: '/exports', permission: 'exports:create', handler: exports.create },
  { method: 'GET', path: '/exports/:id/file', ids: exported, permission: 'exports:create', handler: exports.download },
  {
    method: 'GET',
    path: '/companies/:company/exports/:id/file',
    ids: { company: 'company', ...exported },
    permission: 'signed-in',
    handler: exports.downloadFromLetter,
  },
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

  // Settings of the company
  { method: 'GET', path: '/settings', permission: 'settings:manage', handler: company.first },
  { method: 'GET', path: '/settings/company', permission: 'settings:manage', handler: company.show },
  { method: 'POST', path: '/settings/company', permission: 'settings:manage', handler: company.save },
  { method: 'GET', path: '/settings/users', permission: 'settings:manage', handler: people.list },
  { method: 'POST', path: '/settings/users', permission: 'settings:manage', handler: people.invite },
  { method: 'GET', path: '/settings/users/:id', ids: userId, permission: 'settings:manage', handler: people.show },
  { method: 'POST', path: '/settings/users/:id', ids: userId, permission: 'settings:manage', handler: people.saveRole },
  {
    method: 'GET',
    path: '/settings/users/:id/removal',
    ids: userId,
    permission: 'settings:manage',
    handler: people.askRemoval,
  },
  {
    method: 'POST',
    path: '/settings/users/:id/removal',
    ids: userId,
    permission: 'settings:manage',
    handler: people.remove,
  },
  {
    method: 'POST',
    path: '/settings/invitations/:id/revocation',
    ids: invitationId,
    permission: 'settings:manage',
    handler: people.withdraw,
  },
  { method: 'GET', path: '/settings/keys', permission: 'settings:manage', handler: keys.list },
  { method: 'POST', path: '/settings/keys', permission: 'settings:manage', handler: keys.make },
  {
    method: 'GET',
    path: '/settings/keys/:id/revocation',
    ids: keyId,
    permission: 'settings:manage',
    handler: keys.askRevocation,
  },
  {
    method: 'POST',
    path: '/settings/keys/:id/revocation',
    ids: keyId,
    permission: 'settings:manage',
    handler: keys.revoke,
  },

  // The portal's administrators
  { method: 'GET', path: '/admin/companies', permission: 'admin', handler: adminCompanies.list },
  { method: 'POST', path: '/admin/companies', permission: 'admin', handler: adminCompanies.create },
  { method: 'GET', path: '/admin/companies/new', permission: 'admin', handler: adminCompanies.showNew },
  { method: 'GET', path: '/admin/companies/:id', ids: companyId, permission: 'admin', handler: adminCompanies.show },
  { method: 'POST', path: '/admin/companies/:id', ids: companyId, permission: 'admin', handler: adminCompanies.save },
  { method: 'GET', path: '/admin/users', permission: 'admin', handler: adminUsers.list },
  { method: 'POST', path: '/admin/users', permission: 'admin', handler: adminUsers.create },
  { method: 'GET', path: '/admin/users/new', permission: 'admin', handler: adminUsers.showNew },
  { method: 'GET', path: '/admin/users/:id', ids: userId, permission: 'admin', handler: adminUsers.show },
  { method: 'POST', path: '/admin/users/:id', ids: userId, permission: 'admin', handler: adminUsers.save },
  { method: 'GET', path: '/admin/rates', permission: 'admin', handler: rates.list },
  { method: 'POST', path: '/admin/rates', permission: 'admin', handler: rates.set },
  { method: 'GET', path: '/admin/keys', permission: 'admin', handler: adminKeys.list },
  { method: 'POST', path: '/admin/keys', permission: 'admin', handler: adminKeys.make },
  {
    method: 'GET',
    path: '/admin/keys/:id/revocation',
    ids: keyId,
    permission: 'admin',
    handler: adminKeys.askRevocation,
  },
  { method: 'POST', path: '/admin/keys/:id/revocation', ids: keyId, permission: 'admin', handler: adminKeys.revoke },
  ...machineRoutes,
  ...letterRoutes,

  // The person behind a number
  ...aboutRoutes,

  ...moderationRoutes,

  // The machine room
  { method: 'GET', path: '/healthz', permission: 'public', handler: ops.healthz },
  { method: 'GET', path: '/readyz', permission: 'public', handler: ops.readyz },
  { method: 'GET', path: '/metrics', permission: 'public', handler: ops.metrics },

  ...consentRoutes,
  ...editRoutes,
  ...customerRoutes,
  ...segmentRoutes,
  ...importRoutes,
  ...reviewRoutes,
  ...duplicateRoutes,
  ...tagRoutes,
  ...bulkRoutes,
  ...smsRoutes,

  // Programs
  ...webhookRoutes,
  ...apiRoutes,
];
