import * as entry from './about/entry/pages.ts';
import * as person from './about/person/pages.ts';
import * as writing from './about/person/writing-pages.ts';
import type { Route } from './web/context.ts';

const review = { id: 'review' } as const;
const open = { permission: 'public' } as const;

/** The customer's own page: whoever proves a number sees what is known under it, and answers. */
export const aboutRoutes: readonly Route[] = [
  { method: 'GET', path: '/about-me', ...open, handler: person.show },
  { method: 'POST', path: '/about-me', ...open, handler: entry.postNumber },
  { method: 'GET', path: '/about-me/code', ...open, handler: entry.showCode },
  { method: 'POST', path: '/about-me/code', ...open, handler: entry.postCode },
  { method: 'POST', path: '/about-me/departure', ...open, handler: entry.leave },
  { method: 'GET', path: '/about-me/reviews/:id/reply', ids: review, ...open, handler: writing.showReply },
  { method: 'POST', path: '/about-me/reviews/:id/reply', ids: review, ...open, handler: writing.postReply },
  { method: 'GET', path: '/about-me/reviews/:id/dispute', ids: review, ...open, handler: writing.showDispute },
  { method: 'POST', path: '/about-me/reviews/:id/dispute', ids: review, ...open, handler: writing.postDispute },
  { method: 'GET', path: '/about-me/objection', ...open, handler: writing.showObjection },
  { method: 'POST', path: '/about-me/objection', ...open, handler: writing.postObjection },
  { method: 'POST', path: '/about-me/copy', ...open, handler: person.askCopy },
  { method: 'GET', path: '/about-me/copy/file', ...open, handler: person.takeCopy },
  { method: 'GET', path: '/about-me/erasure', ...open, handler: person.showErasure },
  { method: 'POST', path: '/about-me/erasure', ...open, handler: person.askErasure },
];
