// What other domains may do with keys, and the pages that all of their places share.
export { findKey, listKeys, makeKey, revokeKey, SCOPES } from './key.ts';
export { keyPages } from './pages.ts';
export type { KeysModel } from './view.ts';
