import * as decisions from './duplicates/decisions-pages.ts';
import * as merge from './duplicates/merge-pages.ts';
import * as move from './duplicates/move-pages.ts';
import * as duplicates from './duplicates/pages.ts';
import * as sharing from './duplicates/sharing-pages.ts';
import * as split from './duplicates/split-pages.ts';
import type { Route } from './web/context.ts';

const customer = { id: 'customer' } as const;
const order = { id: 'order' } as const;
const pair = { id: 'duplicate' } as const;
const proposal = { id: 'proposal' } as const;
const step = { id: 'decision' } as const;
const read = 'customers:read';
const write = 'customers:write';

/** Who is who: duplicates, merging, taking apart, and what people decided about it. */
export const duplicateRoutes: readonly Route[] = [
  { method: 'GET', path: '/duplicates', permission: read, handler: duplicates.showList },
  { method: 'POST', path: '/duplicates/search', permission: write, handler: duplicates.search },
  { method: 'GET', path: '/duplicates/merge', permission: write, handler: merge.showMerge },
  { method: 'POST', path: '/duplicates/merge', permission: write, handler: merge.postMerge },
  { method: 'POST', path: '/duplicates/merge/choice', permission: write, handler: merge.choose },
  { method: 'GET', path: '/duplicates/sharing', permission: read, handler: sharing.showSharing },
  { method: 'POST', path: '/duplicates/sharing', permission: write, handler: sharing.postSharing },
  {
    method: 'POST',
    path: '/duplicates/sharing/:id/dismissal',
    ids: proposal,
    permission: write,
    handler: sharing.dismissProposal,
  },
  { method: 'GET', path: '/duplicates/decisions', permission: read, handler: decisions.showList },
  {
    method: 'GET',
    path: '/duplicates/decisions/:id/undoing',
    ids: step,
    permission: write,
    handler: decisions.showUndoing,
  },
  {
    method: 'POST',
    path: '/duplicates/decisions/:id/undoing',
    ids: step,
    permission: write,
    handler: decisions.postUndoing,
  },
  { method: 'POST', path: '/duplicates/:id/dismissal', ids: pair, permission: write, handler: duplicates.dismiss },
  { method: 'POST', path: '/duplicates/:id/postponement', ids: pair, permission: write, handler: duplicates.postpone },
  { method: 'GET', path: '/customers/:id/identity', ids: customer, permission: read, handler: decisions.showIdentity },
  { method: 'GET', path: '/customers/:id/merge', ids: customer, permission: write, handler: merge.showSearch },
  { method: 'GET', path: '/customers/:id/split', ids: customer, permission: write, handler: split.showSplit },
  { method: 'POST', path: '/customers/:id/split', ids: customer, permission: write, handler: split.postSplit },
  { method: 'GET', path: '/orders/:id/owner', ids: order, permission: write, handler: move.showOwner },
  { method: 'POST', path: '/orders/:id/owner', ids: order, permission: write, handler: move.postOwner },
];
