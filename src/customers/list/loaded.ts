import type { ConditionForm, Path, PresetCounts, Segment, SegmentCounts } from '../../segments/segments.ts';
import type { Tagged } from '../../tags/tags.ts';
import type { ListPage } from './list.ts';
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
  /** of the company, in the order of the tabs */
  readonly segments: readonly Segment[];
  /** of own segments and changed presets, where the company is small enough to count them for every page */
  readonly segmentCounts: SegmentCounts;
  /** the tags of the page's customers, and all there are */
  readonly tagged: Tagged;
  /** what the tags are called, by id */
  readonly tags: ReadonlyMap<string, string>;
  /** the part to which the next condition is an alternative */
  readonly into: Path | null;
}
