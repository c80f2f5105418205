import * as audit from './admin/audit-pages.ts';
import * as queue from './admin/queue-pages.ts';
import * as companyAudit from './settings/audit-pages.ts';
import * as walls from './walls/pages.ts';
import type { Route } from './web/context.ts';

const job = { id: 'job' } as const;

/** How the portal runs, and what was done in it: for its administrators, and for the owners of a company what was done in theirs. */
export const machineRoutes: readonly Route[] = [
  { method: 'GET', path: '/admin/walls', permission: 'admin', handler: walls.list },
  { method: 'POST', path: '/admin/walls', permission: 'admin', handler: walls.askForOne },
  { method: 'GET', path: '/admin/queue', permission: 'admin', handler: queue.list },
  { method: 'POST', path: '/admin/queue/retries', permission: 'admin', handler: queue.retryAll },
  { method: 'POST', path: '/admin/queue/:id/retry', ids: job, permission: 'admin', handler: queue.retry },
  {
    method: 'GET',
    path: '/admin/queue/:id/cancellation',
    ids: job,
    permission: 'admin',
    handler: queue.askCancellation,
  },
  { method: 'POST', path: '/admin/queue/:id/cancellation', ids: job, permission: 'admin', handler: queue.cancel },
  { method: 'GET', path: '/admin/audit', permission: 'admin', handler: audit.list },
  { method: 'GET', path: '/admin/audit/file', permission: 'admin', handler: audit.download },
  { method: 'GET', path: '/settings/audit', permission: 'settings:manage', handler: companyAudit.list },
  { method: 'GET', path: '/settings/audit/file', permission: 'settings:manage', handler: companyAudit.download },
];
