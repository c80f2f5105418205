import * as customerTags from './customers/tags/pages.ts';
import * as orderTags from './orders/tags/pages.ts';
import * as tags from './tags/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'tag' } as const;
const customer = { id: 'customer' } as const;
const order = { id: 'order' } as const;
const tag = { tag: 'tag' } as const;

/** The tags of a company, and who has them. */
export const tagRoutes: readonly Route[] = [
  { method: 'GET', path: '/tags', permission: 'customers:read', handler: tags.list },
  { method: 'POST', path: '/tags', permission: 'customers:write', handler: tags.create },
  { method: 'GET', path: '/tags/:id', ids: id, permission: 'customers:write', handler: tags.show },
  { method: 'POST', path: '/tags/:id', ids: id, permission: 'customers:write', handler: tags.save },
  { method: 'GET', path: '/tags/:id/merge', ids: id, permission: 'customers:write', handler: tags.askMerge },
  { method: 'POST', path: '/tags/:id/merge', ids: id, permission: 'customers:write', handler: tags.merge },
  { method: 'GET', path: '/tags/:id/removal', ids: id, permission: 'customers:write', handler: tags.askRemoval },
  { method: 'POST', path: '/tags/:id/removal', ids: id, permission: 'customers:write', handler: tags.remove },
  {
    method: 'POST',
    path: '/customers/:id/tags',
    ids: customer,
    permission: 'customers:write',
    handler: customerTags.add,
  },
  {
    method: 'POST',
    path: '/customers/:id/tags/:tag/removal',
    ids: { ...customer, ...tag },
    permission: 'customers:write',
    handler: customerTags.remove,
  },
  { method: 'POST', path: '/orders/:id/tags', ids: order, permission: 'customers:write', handler: orderTags.add },
  {
    method: 'POST',
    path: '/orders/:id/tags/:tag/removal',
    ids: { ...order, ...tag },
    permission: 'customers:write',
    handler: orderTags.remove,
  },
];
