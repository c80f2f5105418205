export { clearTag } from './clear-tag.ts';
export {
  type Asked,
  cancel,
  DAYS_KEPT,
  FEW,
  find,
  list,
  MOST_UNFINISHED,
  request,
  undo,
  undoable,
  type Wish,
} from './request.ts';
export { fail, forget, run, runUndo } from './run.ts';
export type { Action, BulkRow, State } from './sql.ts';
