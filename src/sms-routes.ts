import * as control from './sms/pages/control.ts';
import * as draft from './sms/pages/draft.ts';
import * as form from './sms/pages/form.ts';
import * as list from './sms/pages/list.ts';
import * as one from './sms/pages/one.ts';
import * as recipients from './sms/pages/recipients.ts';
import * as report from './sms/pages/report.ts';
import * as show from './sms/pages/show.ts';
import * as reply from './sms/reply/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'campaign' } as const;
const draftId = { id: 'draft' } as const;
const customer = { id: 'customer' } as const;

/** Sending to many and to one (P-02, P-07). */
export const smsRoutes: readonly Route[] = [
  { method: 'GET', path: '/sms', permission: 'customers:read', handler: list.list },
  { method: 'POST', path: '/sms', permission: 'campaigns:send', handler: form.create },
  { method: 'GET', path: '/sms/new', permission: 'campaigns:send', handler: form.showNew },
  { method: 'POST', path: '/sms/choice', permission: 'campaigns:send', handler: form.choose },
  { method: 'GET', path: '/sms/:id', ids: id, permission: 'customers:read', handler: show.show },
  { method: 'GET', path: '/sms/:id/edit', ids: draftId, permission: 'campaigns:send', handler: form.showEdit },
  { method: 'POST', path: '/sms/:id', ids: draftId, permission: 'campaigns:send', handler: form.save },
  { method: 'GET', path: '/sms/:id/recipients', ids: draftId, permission: 'customers:read', handler: recipients.show },
  { method: 'GET', path: '/sms/:id/test', ids: draftId, permission: 'campaigns:send', handler: draft.backToDraft },
  { method: 'POST', path: '/sms/:id/test', ids: draftId, permission: 'campaigns:send', handler: draft.test },
  { method: 'GET', path: '/sms/:id/launch', ids: draftId, permission: 'campaigns:send', handler: draft.askLaunch },
  { method: 'POST', path: '/sms/:id/launch', ids: draftId, permission: 'campaigns:send', handler: draft.launch },
  { method: 'POST', path: '/sms/:id/copy', ids: id, permission: 'campaigns:send', handler: control.copy },
  { method: 'GET', path: '/sms/:id/removal', ids: draftId, permission: 'campaigns:send', handler: control.askRemoval },
  { method: 'POST', path: '/sms/:id/removal', ids: draftId, permission: 'campaigns:send', handler: control.remove },
  { method: 'POST', path: '/sms/:id/pause', ids: id, permission: 'campaigns:send', handler: control.pause },
  { method: 'POST', path: '/sms/:id/resume', ids: id, permission: 'campaigns:send', handler: control.resume },
  { method: 'GET', path: '/sms/:id/cancellation', ids: id, permission: 'campaigns:send', handler: control.askCancel },
  { method: 'POST', path: '/sms/:id/cancellation', ids: id, permission: 'campaigns:send', handler: control.cancel },
  { method: 'GET', path: '/sms/:id/report/file', ids: id, permission: 'exports:create', handler: report.download },
  { method: 'POST', path: '/customers/:id/messages', ids: customer, permission: 'campaigns:send', handler: reply.send },
  { method: 'GET', path: '/customers/:id/sms', ids: customer, permission: 'customers:read', handler: one.showTab },
  { method: 'POST', path: '/customers/:id/sms', ids: customer, permission: 'campaigns:send', handler: one.send },
];
