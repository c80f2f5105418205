import * as objections from './admin/objections-pages.ts';
import * as settings from './admin/settings-pages.ts';
import * as moderators from './moderation/figures/pages.ts';
import * as link from './moderation/link/pages.ts';
import * as moderation from './moderation/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'case' } as const;
const objection = { id: 'objection' } as const;
const review = { company: 'company', id: 'ownReview' } as const;

/** The portal's moderators: what companies and people wrote about each other, before others read it. */
export const moderationRoutes: readonly Route[] = [
  { method: 'GET', path: '/moderation', permission: 'moderator', handler: moderation.queue },
  { method: 'POST', path: '/moderation/next', permission: 'moderator', handler: moderation.next },
  { method: 'GET', path: '/moderation/:id', ids: id, permission: 'moderator', handler: moderation.show },
  { method: 'POST', path: '/moderation/:id/claim', ids: id, permission: 'moderator', handler: moderation.claim },
  { method: 'POST', path: '/moderation/:id/release', ids: id, permission: 'moderator', handler: moderation.release },
  { method: 'POST', path: '/moderation/:id/decision', ids: id, permission: 'moderator', handler: moderation.decide },

  // For administrators: how that goes on, what people say against the sharing, and the switches of the portal
  { method: 'GET', path: '/admin/moderation', permission: 'admin', handler: moderators.show },
  { method: 'GET', path: '/admin/objections', permission: 'admin', handler: objections.list },
  { method: 'GET', path: '/admin/objections/:id', ids: objection, permission: 'admin', handler: objections.show },
  {
    method: 'POST',
    path: '/admin/objections/:id/decision',
    ids: objection,
    permission: 'admin',
    handler: objections.decide,
  },
  { method: 'GET', path: '/admin/settings', permission: 'admin', handler: settings.show },
  { method: 'POST', path: '/admin/settings', permission: 'admin', handler: settings.save },

  // Where letters and notices about a review lead
  {
    method: 'GET',
    path: '/companies/:company/reviews/:id',
    ids: review,
    permission: 'signed-in',
    handler: link.follow,
  },
];
