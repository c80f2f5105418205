import { LOCALES, type T, translator } from '../../platform/i18n.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import { isSame, parseFilter } from '../filter.ts';
import { PRESET_KEYS, PRESETS, type PresetKey } from '../presets.ts';
import type { Filter } from '../tree.ts';
import * as sql from './sql.ts';

/** A saved filter, or one of the presets. Who is in it is asked anew each time (P-34). */
export interface Segment {
  /** `all`, `new`, `loyal`, `inactive`, or the id of an own one: what addresses and the API say */
  readonly key: string;
  readonly preset: PresetKey | null;
  /** null: the preset's own name, in the reader's language */
  readonly name: string | null;
  /** null: what was saved is not understood any more */
  readonly filter: Filter | null;
  /** a preset's conditions as they came: the rollup has its number */
  readonly shipped: boolean;
  /** nobody has changed anything about it: there is nothing to restore */
  readonly pristine: boolean;
  /** changes with every save */
  readonly seen: string;
}

export interface Shelf {
  /** in the order of the tabs: All, New, Loyal, Inactive, then the company's own */
  readonly live: readonly Segment[];
  /** what can be restored: own ones for 30 days, presets always */
  readonly deleted: readonly Segment[];
}

/** Those that can be chosen, in the order of the tabs. */
export const liveSegments = async (db: CompanyReader): Promise<readonly Segment[]> => (await shelf(db, null)).live;

const DAYS = 86_400_000;
const DAYS_RESTORABLE = 30;

/** All segments of the company, for all its users. `now`: null asks for no deleted ones. */
export async function shelf(db: CompanyReader, now: Date | null): Promise<Shelf> {
  const since = now && new Date(now.getTime() - DAYS_RESTORABLE * DAYS);
  const rows = await db.query<sql.SegmentRow>(sql.shelf(since));
  const changed = new Map(rows.flatMap((row) => (row.key ? [[row.key as string, row]] : [])));
  const presets = PRESET_KEYS.map((key) => ({ key, row: changed.get(key) }));
  const own = rows.filter((row) => row.key === null);
  return {
    live: [
      ...presets.filter(({ row }) => !row?.deleted_at).map(({ key, row }) => preset(key, row, db.company)),
      ...own.filter((row) => !row.deleted_at).map((row) => ownOne(row, db.company)),
    ],
    deleted: [
      ...presets.filter(({ row }) => row?.deleted_at).map(({ key }) => preset(key, undefined, db.company)),
      ...own.filter((row) => row.deleted_at).map((row) => ownOne(row, db.company)),
    ],
  };
}

function preset(key: PresetKey, row: sql.SegmentRow | undefined, company: Company): Segment {
  const filter = row ? parseFilter(row.filter, company) : PRESETS[key];
  const shipped = filter !== null && isSame(filter, PRESETS[key]);
  const name = row && !isOwnName(key, row.name) ? row.name : null;
  return { key, preset: key, name, filter, shipped, pristine: shipped && name === null, seen: row?.seen ?? '' };
}

// Saved under the name it came with, in any language: then it goes on following the reader's language.
const isOwnName = (key: PresetKey, name: string) =>
  LOCALES.some((locale) => translator(locale)(`segments.presets.${key}`) === name);

const ownOne = ({ id, name, filter, seen }: sql.SegmentRow, company: Company): Segment => ({
  key: id,
  preset: null,
  name,
  filter: parseFilter(filter, company),
  shipped: false,
  pristine: false,
  seen,
});

/** The presets as they come: what a company has that never changed anything. */
export const SHIPPED: readonly Segment[] = PRESET_KEYS.map((key) => ({
  key,
  preset: key,
  name: null,
  filter: PRESETS[key],
  shipped: true,
  pristine: true,
  seen: '',
}));

export const nameOf = ({ preset, name }: Segment, t: T): string => name ?? t(`segments.presets.${preset}`);
