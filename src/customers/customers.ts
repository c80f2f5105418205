export { type ContactKind, contactValue, contactWords } from './contact-view.ts';
export type { HeaderModel } from './header-view.ts';
export * as changes from './history/changes.ts';
export { count, type ListPage, list, type PresetCounts, presetCounts, selection } from './list/list.ts';
export { filterParams, type ListState, parseListState, type StateError } from './list/state.ts';
export { contacts, one, several } from './one.ts';
export { nameOf } from './row-view.ts';
export type { CustomerRow } from './sql.ts';
export { visit } from './visit.ts';
