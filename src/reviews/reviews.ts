export { clearBacklog, planBacklog } from './dealings/backlog.ts';
export { type Source, settleDealings } from './dealings/dealings.ts';
export {
  type AboutReview,
  closeRevision,
  type Published,
  publishedAbout,
  publishRevision,
  removeReview,
  submitCase,
} from './published/published.ts';
export { fits, REASONS, type Reason, SENTIMENTS, type Sentiment } from './reasons.ts';
export { knownAs, mayBeFormer } from './tab/owner.ts';
export { type HandedIn, withdraw, write } from './writing/writing.ts';
