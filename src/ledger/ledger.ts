export {
  calledBefore,
  clearDoubt,
  countDoubtful,
  type Doubtful,
  doubtAll,
  doubtful,
} from './doubt/doubt.ts';
export { type Fate, forget, forgetNumber, type Heard, hear, type News, silence } from './news/news.ts';
export { type Planned, plan } from './plan/plan.ts';
export {
  type Counts,
  counts,
  type DeliveryRow,
  failures,
  find,
  list,
  reasons,
  reserved,
  type SentRow,
  sentTo,
  spentSince,
} from './read/read.ts';
export { handedOver } from './read/sql.ts';
export { type Channel, STATES, type State } from './states.ts';
export {
  type Call,
  type Claim,
  call,
  claim,
  type Held,
  lapse,
  next,
  release,
  releaseAll,
  type Settlement,
  settle,
  skipRest,
  type Waiting,
} from './work/work.ts';
