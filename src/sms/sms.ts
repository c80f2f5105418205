export * as drafts from './draft/draft.ts';
export { launch } from './launch/launch.ts';
export { reconcile } from './reconcile/reconcile.ts';
export * as send from './send/send.ts';
