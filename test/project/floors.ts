/**
 * Who may import whom: a file imports lower floors and its own folder, nothing else. From a domain only the file that bears the
 * domain's name is open to others; the folders below the domains (`open`) are toolkits, open as a whole.
 */
export interface Floor {
  folders: readonly string[];
  open?: boolean;
}

export const FLOORS: readonly Floor[] = [
  { folders: ['src/kernel'], open: true },
  { folders: ['src/platform'], open: true },
  { folders: ['src/tenancy'], open: true },
  { folders: ['src/web', 'src/queue'], open: true },
  { folders: ['src/audit', 'src/journal'] },
  { folders: ['src/outbox', 'src/companies', 'src/rates', 'src/notices'] },
  { folders: ['src/auth', 'src/keys', 'src/tags', 'src/consents', 'src/senders', 'src/walls'] },
  { folders: ['src/identity', 'src/segments', 'src/ledger'] },
  { folders: ['src/customers'] },
  { folders: ['src/orders', 'src/messages', 'src/feedback', 'src/reviews', 'src/duplicates'] },
  {
    folders: [
      'src/ingest',
      'src/exports',
      'src/bulk',
      'src/moderation',
      'src/about',
      'src/admin',
      'src/settings',
      'src/api',
      'src/ops',
    ],
  },
  { folders: ['src/imports', 'src/sms', 'src/canaries'] },
  { folders: ['src/forgetting', 'src/restore'] },
  { folders: ['src/demo'] },
  { folders: ['jobs'], open: true },
  // the files that lie in src/ itself: routes, app, worker …
  { folders: ['src', 'src/operator'], open: true },
  { folders: ['scripts', 'prisma'], open: true },
];

/** Files that stand above their folder. */
export const TOP: readonly string[] = ['src/server.ts'];
