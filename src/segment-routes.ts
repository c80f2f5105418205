import * as customerSegments from './customers/segments/pages.ts';
import * as segments from './segments/saved/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'segment' } as const;
const customer = { id: 'customer' } as const;

/** Saved filters, and who is in them. */
export const segmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/segments', permission: 'customers:read', handler: segments.list },
  { method: 'POST', path: '/segments', permission: 'customers:write', handler: segments.create },
  { method: 'GET', path: '/segments/coverage', permission: 'customers:read', handler: segments.showCoverage },
  { method: 'GET', path: '/segments/:id', ids: id, permission: 'customers:write', handler: segments.show },
  { method: 'POST', path: '/segments/:id', ids: id, permission: 'customers:write', handler: segments.save },
  { method: 'GET', path: '/segments/:id/count', ids: id, permission: 'customers:read', handler: segments.count },
  { method: 'POST', path: '/segments/:id/deletion', ids: id, permission: 'customers:write', handler: segments.remove },
  {
    method: 'POST',
    path: '/segments/:id/restoration',
    ids: id,
    permission: 'customers:write',
    handler: segments.restore,
  },
  { method: 'POST', path: '/segments/:id/position', ids: id, permission: 'customers:write', handler: segments.move },
  {
    method: 'GET',
    path: '/customers/:id/segments',
    ids: customer,
    permission: 'customers:read',
    handler: customerSegments.show,
  },
];
