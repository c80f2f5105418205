import type { MenuEntry } from './web/menu.ts';

/** The main menu, in the order people read it. */
export const menu: readonly MenuEntry[] = [
  { path: '/customers', label: 'web.menu.customers', icon: 'users', permission: 'customers:read' },
  {
    path: '/duplicates',
    label: 'web.menu.duplicates',
    icon: 'merge',
    permission: 'customers:read',
    waiting: 'duplicates',
  },
  { path: '/segments', label: 'web.menu.segments', icon: 'bookmark', permission: 'customers:read' },
  { path: '/orders', label: 'web.menu.orders', icon: 'receipt', permission: 'customers:read' },
  { path: '/tags', label: 'web.menu.tags', icon: 'tag', permission: 'customers:read' },
  { path: '/sms', label: 'web.menu.sms', icon: 'message', permission: 'customers:read' },
  { path: '/imports', label: 'web.menu.imports', icon: 'upload', permission: 'customers:write' },
  { path: '/exports', label: 'web.menu.exports', icon: 'download', permission: 'exports:create' },
  { path: '/moderation', label: 'web.menu.moderation', icon: 'shield', permission: 'moderator', waiting: 'cases' },
  { path: '/settings', label: 'web.menu.settings', icon: 'settings', permission: 'settings:manage' },
  { path: '/admin/companies', label: 'web.menu.companies', icon: 'building', permission: 'admin' },
  { path: '/admin/users', label: 'web.menu.users', icon: 'user-cog', permission: 'admin' },
  { path: '/admin/rates', label: 'web.menu.rates', icon: 'exchange', permission: 'admin' },
  { path: '/admin/senders', label: 'web.menu.senders', icon: 'message', permission: 'admin' },
  { path: '/admin/prices', label: 'web.menu.prices', icon: 'coins', permission: 'admin' },
  { path: '/admin/keys', label: 'web.menu.keys', icon: 'key', permission: 'admin' },
  { path: '/admin/moderation', label: 'web.menu.moderators', icon: 'eye', permission: 'admin' },
  { path: '/admin/objections', label: 'web.menu.objections', icon: 'eye-off', permission: 'admin' },
  { path: '/admin/settings', label: 'web.menu.switches', icon: 'settings', permission: 'admin' },
  { path: '/admin/queue', label: 'web.menu.queue', icon: 'list', permission: 'admin' },
  { path: '/admin/walls', label: 'web.menu.walls', icon: 'shield', permission: 'admin' },
  { path: '/admin/letters', label: 'web.menu.letters', icon: 'mail', permission: 'admin' },
  { path: '/admin/audit', label: 'web.menu.audit', icon: 'history', permission: 'admin' },
];
