export { compile, hasWays } from './compile.ts';
export { type Condition, conditionText, parseCondition } from './condition.ts';
export {
  countsAtOnce,
  type PresetCounts,
  presetCounts,
  type SegmentCounts,
  segmentCounts,
} from './counts/counts.ts';
export { coverage } from './counts/coverage.ts';
export { describe, type Words } from './describe.ts';
export { FIELD_KEYS, FIELDS, type FieldKey, isField } from './fields.ts';
export { filterText, type PartError, parseFilter, parsePart, partText } from './filter.ts';
export { type ConditionForm, conditionForm, readConditionForm } from './form.ts';
export { isPreset, PRESET_KEYS, PRESETS, type PresetKey, recentSince } from './presets.ts';
export { liveSegments, nameOf, type Segment, SHIPPED } from './saved/shelf.ts';
export { phrase, sentence } from './sentence.ts';
export {
  conditionsIn,
  depthOf,
  type Filter,
  type Group,
  isGroup,
  MAX_CONDITIONS,
  MAX_DEPTH,
  type Part,
  type Path,
  pathText,
  readPath,
  withAdded,
  without,
} from './tree.ts';
export type { Operator, Way } from './types.ts';
export { type Reason, type Verdict, why } from './why/why.ts';
