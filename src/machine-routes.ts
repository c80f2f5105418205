import * as audit from './admin/audit-pages.ts';
import * as companyAudit from './settings/audit-pages.ts';
import * as walls from './walls/pages.ts';
import type { Route } from './web/context.ts';

/** How the portal runs, and what was done in it: for its administrators, and for the owners of a company what was done in theirs. */
export const machineRoutes: readonly Route[] = [
  { method: 'GET', path: '/admin/walls', permission: 'admin', handler: walls.list },
  { method: 'POST', path: '/admin/walls', permission: 'admin', handler: walls.askForOne },
  { method: 'GET', path: '/admin/audit', permission: 'admin', handler: audit.list },
  { method: 'GET', path: '/admin/audit/file', permission: 'admin', handler: audit.download },
  { method: 'GET', path: '/settings/audit', permission: 'settings:manage', handler: companyAudit.list },
  { method: 'GET', path: '/settings/audit/file', permission: 'settings:manage', handler: companyAudit.download },
];
