import * as deeds from './reviews/deed-pages.ts';
import * as forms from './reviews/form-pages.ts';
import * as reviews from './reviews/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'customer' } as const;
const ids = { id: 'customer', review: 'ownReview' } as const;
const others = { id: 'customer', review: 'review' } as const;
const one = '/customers/:id/reviews/:review';

/** What companies write about customers. */
export const reviewRoutes: readonly Route[] = [
  { method: 'GET', path: '/customers/:id/reviews', ids: id, permission: 'customers:read', handler: reviews.showTab },
  { method: 'GET', path: '/customers/:id/reviews/new', ids: id, permission: 'customers:write', handler: forms.showNew },
  { method: 'POST', path: '/customers/:id/reviews', ids: id, permission: 'customers:write', handler: forms.postNew },
  { method: 'GET', path: `${one}/correction`, ids, permission: 'customers:write', handler: forms.showCorrection },
  { method: 'POST', path: `${one}/correction`, ids, permission: 'customers:write', handler: forms.postCorrection },
  { method: 'GET', path: `${one}/withdrawal`, ids, permission: 'customers:write', handler: deeds.askWithdrawal },
  { method: 'POST', path: `${one}/withdrawal`, ids, permission: 'customers:write', handler: deeds.postWithdrawal },
  { method: 'GET', path: `${one}/dispute`, ids: others, permission: 'customers:write', handler: deeds.showDispute },
  { method: 'POST', path: `${one}/dispute`, ids: others, permission: 'customers:write', handler: deeds.postDispute },
];
