import * as link from './moderation/link/pages.ts';
import * as moderation from './moderation/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'case' } as const;
const review = { company: 'company', id: 'ownReview' } as const;

/** The portal's moderators: what companies and people wrote about each other, before others read it. */
export const moderationRoutes: readonly Route[] = [
  { method: 'GET', path: '/moderation', permission: 'moderator', handler: moderation.queue },
  { method: 'POST', path: '/moderation/next', permission: 'moderator', handler: moderation.next },
  { method: 'GET', path: '/moderation/:id', ids: id, permission: 'moderator', handler: moderation.show },
  { method: 'POST', path: '/moderation/:id/claim', ids: id, permission: 'moderator', handler: moderation.claim },
  { method: 'POST', path: '/moderation/:id/release', ids: id, permission: 'moderator', handler: moderation.release },
  { method: 'POST', path: '/moderation/:id/decision', ids: id, permission: 'moderator', handler: moderation.decide },

  // Where letters and notices about a review lead
  {
    method: 'GET',
    path: '/companies/:company/reviews/:id',
    ids: review,
    permission: 'signed-in',
    handler: link.follow,
  },
];
