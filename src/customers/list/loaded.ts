import type { ConditionForm } from '../../segments/segments.ts';
import type { ListPage, PresetCounts } from './list.ts';
import type { ListState, StateError } from './state.ts';

/** Everything a page of the list is made from. */
export interface Loaded {
  readonly state: ListState;
  readonly errors: readonly StateError[];
  readonly counts: PresetCounts;
  readonly page: ListPage;
  /** null: not counted yet */
  readonly total: number | null;
  readonly regions: readonly string[];
  readonly form: ConditionForm | null;
}
