import * as list from './customers/list/pages.ts';
import * as customers from './customers/pages.ts';
import * as feedback from './feedback/pages.ts';
import * as messages from './messages/pages.ts';
import * as orders from './orders/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'customer' } as const;
const orderId = { id: 'order' } as const;

/** The customers of a company, and what they ordered and wrote. */
export const customerRoutes: readonly Route[] = [
  { method: 'GET', path: '/customers', permission: 'customers:read', handler: list.showList },
  { method: 'GET', path: '/customers/total', permission: 'customers:read', handler: list.showTotal },
  { method: 'GET', path: '/customers/:id', ids: id, permission: 'customers:read', handler: customers.showGeneral },
  { method: 'GET', path: '/customers/:id/orders', ids: id, permission: 'customers:read', handler: orders.showTab },
  { method: 'GET', path: '/customers/:id/messages', ids: id, permission: 'customers:read', handler: messages.showTab },
  { method: 'GET', path: '/customers/:id/feedback', ids: id, permission: 'customers:read', handler: feedback.showTab },
  { method: 'GET', path: '/orders', permission: 'customers:read', handler: orders.showList },
  { method: 'GET', path: '/orders/:id', ids: orderId, permission: 'customers:read', handler: orders.showOrder },
];
