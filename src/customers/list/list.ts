import type { Sql } from '../../platform/db.ts';
import { kept } from '../../platform/plans.ts';
import {
  compile,
  type Filter,
  hasWays,
  liveSegments,
  type PresetCounts,
  presetCounts,
  type Way,
} from '../../segments/segments.ts';
import { within } from '../../tenancy/attempt.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CustomerRow } from '../sql.ts';
import { hasPattern, isBroad, isNarrow, readSearch } from './search.ts';
import { markText, sortKind } from './sort.ts';
import * as sql from './sql.ts';
import { frozenParams, type ListState, parseListState } from './state.ts';

export interface ListPage {
  readonly rows: readonly CustomerRow[];
  /** null: it takes longer than the page does; ask `count` */
  readonly total: number | null;
  /** tokens for `after` and `before`; null: there is no such page */
  readonly next: string | null;
  readonly previous: string | null;
}

/** Milliseconds that are given to each way of finding. What is found does not depend on them. */
export interface Patience {
  readonly index: number;
  readonly walk: number;
}

// Longer than the trigram index takes for anything but what very many customers match.
const PATIENCE: Patience = { index: 250, walk: 400 };

/** One page. `counts`: of the same transaction, where they are known already. */
export async function list(
  db: CompanyReader,
  state: ListState,
  now: Date,
  counts?: PresetCounts,
  patience = PATIENCE,
): Promise<ListPage> {
  const search = readSearch(state.q);
  const preset = presetOf(state);
  const total = preset && (counts ?? (await presetCounts(db, now)))[preset];
  const place = findPlace(state, total);
  if (place.size === 0) return { rows: [], total, next: null, previous: null };
  const slice = { ...place.slice, where: filterOf(state, db.company, now) };
  const key = sortKind(state.sort).text;
  const found = search
    ? await find(db, slice, key, search, patience)
    : { rows: await browse(db, state, slice, key, now, patience), total };
  return { ...pageOf(state.sort, place, found.rows), total: found.total };
}

/**
 * Who has reviews is gathered from tables of their own, and that takes seconds for very many customers. Asked one after another, a page
 * of them is full at once unless they are rare: so that is tried first.
 */
async function browse(
  db: CompanyReader,
  state: ListState,
  slice: sql.Slice,
  key: Sql,
  now: Date,
  patience: Patience,
): Promise<readonly sql.ListedRow[]> {
  if (hasWays(conditionsOf(state))) {
    const walk = sql.page({ ...slice, where: filterOf(state, db.company, now, 'each') }, key);
    const rows = await within<sql.ListedRow>(db, patience.walk, walk);
    if (rows) return rows;
  }
  return await db.query<sql.ListedRow>(pageOfList(state, slice, key));
}

// Only what every visit begins with: filters are too many to keep a plan of each, and what is good for one is not for another.
function pageOfList(state: ListState, slice: sql.Slice, key: Sql): Sql {
  const statement = sql.page(slice, key);
  return presetOf(state) === 'all' && slice.offset === 0 ? kept(statement) : statement;
}

/** Whether neither the preset counts nor a search tell how many there are: then `count` has to. */
export const countsApart = (state: ListState) => presetOf(state) === null && readSearch(state.q) === null;

// A preset as it came and nothing more: the counts of the tabs say how many.
const presetOf = ({ segment, where, q, updatedSince }: ListState) =>
  segment.shipped && where.length === 0 && updatedSince === null && readSearch(q) === null ? segment.preset : null;

interface Place {
  slice: Omit<sql.Slice, 'where'>;
  /** the rows to show; the slice has one more, which tells whether there is another page */
  size: number;
  /** read against the order of the list */
  backwards: boolean;
  /** there are rows on the side the slice is read from */
  entered: boolean;
}

/** Beside a row, or so many rows down; past the middle it is counted from the end, where the end is known. */
function findPlace({ sort, per, page, mark }: ListState, total: number | null): Place {
  const { by } = sortKind(sort);
  const above = mark ? 0 : (page - 1) * per;
  const below = total === null || mark ? Number.POSITIVE_INFINITY : Math.max(0, total - above);
  const fromEnd = below < above;
  const backwards = mark?.side === 'before' || fromEnd;
  const size = Math.min(per, below);
  const offset = fromEnd ? below - size : above;
  return {
    slice: { by, descending: sort.descending !== backwards, beyond: mark?.at ?? null, offset, limit: size + 1 },
    size,
    backwards,
    entered: mark !== null || offset > 0,
  };
}

// A word's beginning that many people share is found among the newest of them.
const REACH = 1000;

type Found = { rows: readonly sql.ListedRow[]; total: number | null };

/**
 * The trigram index costs by the number of hits, a walk down the list by their rarity. So what can only be rare is asked of the
 * index at once; what looks broad is walked a little way first, and what turns out broad is walked then; whatever is neither
 * quickly, is waited for. A walk answers only with a full page, which is the one the index would give: how busy the machine is
 * changes the way, never the answer.
 */
async function find(
  db: CompanyReader,
  slice: sql.Slice,
  key: Sql,
  search: sql.Search,
  patience: Patience,
): Promise<Found> {
  const scan = (reach: number | null) => sql.scanPage(slice, key, search, reach);
  const index = sql.searchPage(slice, key, search);
  if (isNarrow(search)) return counted(await db.query<CountedRow>(index));
  if (isBroad(search)) {
    const rows = await db.query<sql.ListedRow>(scan(REACH));
    if (rows.length === slice.limit) return { rows, total: null };
  }
  const quick = await within<CountedRow>(db, patience.index, index);
  if (quick) return counted(quick);
  const walked = hasPattern(search) ? await within<sql.ListedRow>(db, patience.walk, scan(null)) : null;
  if (walked?.length === slice.limit) return { rows: walked, total: null };
  return counted(await db.query<CountedRow>(index));
}

type CountedRow = { total: bigint } & (sql.ListedRow | { id: null });

function counted(rows: readonly CountedRow[]): Found {
  return { rows: rows.filter((row) => row.id !== null), total: Number(rows[0]?.total ?? 0n) };
}

function pageOf(sort: ListState['sort'], { size, backwards, entered }: Place, found: readonly sql.ListedRow[]) {
  const shown = found.slice(0, size);
  const more = found.length > size;
  const rows = backwards ? shown.reverse() : shown;
  const [first, last] = [rows.at(0), rows.at(-1)];
  const [hasPrevious, hasNext] = backwards ? [more, entered] : [entered, more];
  return {
    rows,
    next: hasNext && last ? markText(sort, last) : null,
    previous: hasPrevious && first ? markText(sort, first) : null,
  };
}

/** How many customers the state finds, exactly. null: it takes longer than so many milliseconds. */
export async function count(
  db: CompanyReader,
  state: ListState,
  now: Date,
  milliseconds: number,
): Promise<number | null> {
  const rows = await within<TotalRow>(db, milliseconds, countOf(state, db.company, now));
  return rows && totalIn(rows);
}

/** The same, however long it takes. */
export const total = async (db: CompanyReader, state: ListState, now: Date): Promise<number> =>
  totalIn(await db.query<TotalRow>(countOf(state, db.company, now)));

type TotalRow = { total: bigint };

const totalIn = ([row]: readonly TotalRow[]) => Number(row?.total ?? 0n);

function countOf(state: ListState, company: Company, now: Date): Sql {
  const search = readSearch(state.q);
  const where = filterOf(state, company, now);
  const everybody = presetOf({ ...state, q: '' }) === 'all';
  return search ? sql.searchCount(everybody ? null : where, search) : sql.count(where);
}

/** The customers of the state and their order, over the alias `c` of table customer: for whoever reads all of them. */
export function selection(state: ListState, company: Company, now: Date): { where: Sql; order: Sql } {
  const search = readSearch(state.q);
  const where = sql.whole(filterOf(state, company, now), search);
  return { where, order: sql.order(sortKind(state.sort).by, state.sort.descending) };
}

function filterOf(state: ListState, company: Company, now: Date, way?: Way): Sql {
  const conditions = compile(conditionsOf(state), company, now, way);
  return state.updatedSince ? sql.both(conditions, sql.updatedSince(state.updatedSince)) : conditions;
}

const conditionsOf = ({ segment, where }: ListState): Filter => [...(segment.filter ?? []), ...where];

/** The filter names a segment that is not there, or not any more. */
export class NoSegment extends Error {
  override readonly name = 'NoSegment';
}

/**
 * What a query string of the list means at this moment, as text for `parseListState` without segments: for work that is done later.
 * Throws `NoSegment`: without its segment the filter would find everybody.
 */
export async function frozenFilter(db: CompanyReader, text: string): Promise<string> {
  const { state, errors } = parseListState(new URLSearchParams(text), db.company, await liveSegments(db));
  if (errors.some(({ parameter }) => parameter === 'segment')) throw new NoSegment();
  return frozenParams(state).toString();
}
