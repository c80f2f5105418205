import * as imports from './imports/pages.ts';
import { MAX_BYTES } from './imports/read/limits.ts';
import * as upload from './imports/upload-pages.ts';
import type { Route } from './web/context.ts';

const ids = { id: 'import' } as const;
const permission = 'customers:write';

/** Customers from files (C-13). */
export const importRoutes: readonly Route[] = [
  { method: 'GET', path: '/imports', permission, handler: imports.list },
  { method: 'POST', path: '/imports', permission, upload: MAX_BYTES, handler: upload.create },
  { method: 'GET', path: '/imports/new', permission, handler: upload.showNew },
  { method: 'GET', path: '/imports/:id', ids, permission, handler: imports.show },
  { method: 'POST', path: '/imports/:id/reading', ids, permission, handler: imports.saveReading },
  { method: 'POST', path: '/imports/:id/mapping', ids, permission, handler: imports.saveMapping },
  { method: 'GET', path: '/imports/:id/run', ids, permission, handler: imports.confirmRun },
  { method: 'POST', path: '/imports/:id/run', ids, permission, handler: imports.startRun },
  { method: 'POST', path: '/imports/:id/cancellation', ids, permission, handler: imports.cancel },
  { method: 'GET', path: '/imports/:id/refused/file', ids, permission, handler: imports.downloadRefused },
];
