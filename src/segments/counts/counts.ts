import { within } from '../../tenancy/attempt.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import { compile } from '../compile.ts';
import type { FieldKey } from '../fields.ts';
import { type PresetKey, recentSince } from '../presets.ts';
import type { Segment } from '../saved/shelf.ts';
import { type Filter, fieldsIn } from '../tree.ts';
import * as sql from './sql.ts';

/** How many customers, by the key of the preset as it came. */
export type PresetCounts = Readonly<Record<PresetKey, number>>;

/** Exact numbers of the customers in the presets, at any size in a millisecond (P-17). They follow no filter. */
export async function presetCounts(db: CompanyReader, now: Date): Promise<PresetCounts> {
  const [row] = await db.query<Record<PresetKey, bigint>>(sql.presetCounts(recentSince(db.company, now)));
  const of = (name: PresetKey) => Number(row?.[name] ?? 0n);
  return { all: of('all'), new: of('new'), loyal: of('loyal'), inactive: of('inactive') };
}

/** Exact numbers by the key of the segment. null: not within the time; a segment that is not understood is left out. */
export type SegmentCounts = ReadonlyMap<string, number | null>;

/**
 * Counts each segment now. Presets as they came cost nothing; the others are counted one after the other as long as `milliseconds`
 * last for all together.
 */
export async function segmentCounts(
  db: CompanyReader,
  segments: readonly Segment[],
  now: Date,
  milliseconds: number,
): Promise<SegmentCounts> {
  const shipped = await presetCounts(db, now);
  const counts = new Map<string, number | null>();
  const end = performance.now() + milliseconds;
  for (const { key, filter, preset, shipped: asShipped } of segments) {
    if (filter === null) continue;
    if (asShipped && preset) counts.set(key, shipped[preset]);
    else {
      const left = Math.max(0, Math.floor(end - performance.now()));
      const rows = await within<{ total: bigint }>(db, left, sql.count(compile(filter, db.company, now)));
      counts.set(key, rows && Number(rows[0]?.total ?? 0n));
    }
  }
  return counts;
}

// What these say of a customer stands in tables of its own, where those whom it is about are found at once. From each customer's row
// it would be looked for one by one.
const ELSEWHERE: ReadonlySet<FieldKey> = new Set(['tag', 'reviews', 'consent']);

/** Own segments and changed presets of a small company: all that its customers' rows say on one walk over them, each other by itself. */
export async function countsAtOnce(db: CompanyReader, segments: readonly Segment[], now: Date): Promise<SegmentCounts> {
  const counted = segments.flatMap(({ key, filter, shipped }) => (filter && !shipped ? [{ key, filter }] : []));
  const isElsewhere = ({ filter }: { filter: Filter }) => [...fieldsIn(filter)].some((field) => ELSEWHERE.has(field));
  const [others, own] = [counted.filter(isElsewhere), counted.filter((each) => !isElsewhere(each))];
  const where = ({ filter }: { filter: Filter }) => compile(filter, db.company, now);
  const [walk, ...rows] = await Promise.all([
    own.length > 0 ? db.query<{ totals: string[] }>(sql.counts(own.map(where))) : [],
    ...others.map((each) => db.query<{ total: bigint }>(sql.count(where(each)))),
  ]);
  return new Map([
    ...own.map(({ key }, at) => [key, Number(walk[0]?.totals[at] ?? 0)] as const),
    ...others.map(({ key }, at) => [key, Number(rows[at]?.[0]?.total ?? 0)] as const),
  ]);
}
