import * as prices from './admin/prices-pages.ts';
import * as senders from './admin/senders-pages.ts';
import * as stops from './consents/stops/pages.ts';
import * as customer from './customers/consents/pages.ts';
import * as settings from './settings/sms-pages.ts';
import type { Route } from './web/context.ts';

const ids = { id: 'customer' } as const;
const key = { key: 'suppression' } as const;
const sender = { id: 'sender' } as const;
const held = { ...sender, company: 'company' } as const;

/**
 * Who may be written to, by which sender and at what price. The list of numbers stands before the pages of campaigns: `stops` is no
 * id of one.
 */
export const consentRoutes: readonly Route[] = [
  { method: 'GET', path: '/customers/:id/consents', ids, permission: 'customers:read', handler: customer.show },
  { method: 'POST', path: '/customers/:id/consents', ids, permission: 'customers:write', handler: customer.save },

  { method: 'GET', path: '/sms/stops', permission: 'customers:read', handler: stops.list },
  { method: 'GET', path: '/sms/stops/new', permission: 'customers:write', handler: stops.showBlock },
  { method: 'POST', path: '/sms/stops', permission: 'customers:write', handler: stops.block },
  {
    method: 'GET',
    path: '/sms/stops/:key/removal',
    ids: key,
    permission: 'customers:write',
    handler: stops.askRemoval,
  },
  { method: 'POST', path: '/sms/stops/:key/removal', ids: key, permission: 'customers:write', handler: stops.remove },

  { method: 'GET', path: '/settings/sms', permission: 'settings:manage', handler: settings.show },
  { method: 'POST', path: '/settings/sms', permission: 'settings:manage', handler: settings.save },

  { method: 'GET', path: '/admin/senders', permission: 'admin', handler: senders.list },
  { method: 'POST', path: '/admin/senders', permission: 'admin', handler: senders.add },
  { method: 'GET', path: '/admin/senders/:id', ids: sender, permission: 'admin', handler: senders.show },
  { method: 'POST', path: '/admin/senders/:id', ids: sender, permission: 'admin', handler: senders.save },
  { method: 'GET', path: '/admin/senders/:id/removal', ids: sender, permission: 'admin', handler: senders.askRemoval },
  { method: 'POST', path: '/admin/senders/:id/removal', ids: sender, permission: 'admin', handler: senders.remove },
  { method: 'POST', path: '/admin/senders/:id/companies', ids: sender, permission: 'admin', handler: senders.give },
  {
    method: 'POST',
    path: '/admin/senders/:id/companies/:company/removal',
    ids: held,
    permission: 'admin',
    handler: senders.take,
  },
  { method: 'GET', path: '/admin/prices', permission: 'admin', handler: prices.show },
  { method: 'POST', path: '/admin/prices', permission: 'admin', upload: prices.PRICE_BYTES, handler: prices.load },
];
