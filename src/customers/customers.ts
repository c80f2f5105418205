export { type ContactKind, contactValue, contactWords } from './contact-view.ts';
export type { HeaderModel } from './header-view.ts';
export { count, type ListPage, list, type PresetCounts, presetCounts, selection } from './list/list.ts';
export type { PagerModel } from './list/pager-view.ts';
export { filterParams, type ListState, PAGE_SIZES, parseListState, type StateError } from './list/state.ts';
export { contacts, one } from './one.ts';
export type { CustomerRow } from './sql.ts';
export { type Paging, readPaging, tabPager } from './tab-pager.ts';
export { visit } from './visit.ts';
