import { within } from '../../tenancy/attempt.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import { compile } from '../compile.ts';
import type { FieldKey } from '../fields.ts';
import { PRESETS } from '../presets.ts';
import type { Segment } from '../saved/shelf.ts';
import {
  conditionsIn,
  depthOf,
  type Filter,
  fieldsIn,
  type Group,
  MAX_CONDITIONS,
  MAX_DEPTH,
  type Part,
} from '../tree.ts';
import * as sql from './sql.ts';

/** What segments that divide the customers by their activity leave out, or have twice. */
export interface Coverage {
  /** the segments that were looked at */
  readonly dividing: readonly Segment[];
  readonly overlaps: readonly { one: Segment; other: Segment; customers: number; filter: Filter | null }[];
  /** customers with an activity who are in none of them; null: nobody */
  readonly hole: { customers: number; filter: Filter | null } | null;
}

// How much somebody did, and when: what New, Loyal and Inactive are made of.
const ACTIVITY: ReadonlySet<FieldKey> = new Set(['activity', 'activities', 'orders', 'messages', 'last_order']);
const TIMES: readonly FieldKey[] = ['activity', 'last_order'];

/**
 * The segments that say by nothing but activity, and by its time, who is in them: they look like a division of the customers, and
 * one expects everybody who ordered or wrote to be in one of them, and nobody in two. Others, such as women or a tag, are not
 * meant so, and may overlap as they like.
 */
export function dividing(segments: readonly Segment[]): Understood[] {
  return segments.filter(isUnderstood).filter(({ filter }) => {
    const fields = fieldsIn(filter);
    return [...fields].every((field) => ACTIVITY.has(field)) && TIMES.some((field) => fields.has(field));
  });
}

type Understood = Segment & { readonly filter: Filter };

const isUnderstood = (segment: Segment): segment is Understood => segment.filter !== null;

/** Exact, over all customers. null: it takes longer than so many milliseconds. */
export async function coverage(
  db: CompanyReader,
  segments: readonly Segment[],
  now: Date,
  milliseconds: number,
): Promise<Coverage | null> {
  const looked = dividing(segments);
  if (looked.length === 0 || isDivision(looked)) return { dividing: looked, overlaps: [], hole: null };
  const wheres = looked.map(({ filter }) => compile(filter, db.company, now));
  const masks = await within<sql.MaskRow>(db, milliseconds, sql.masks(wheres));
  return masks && read(looked, masks);
}

/** New, Loyal and Inactive as they came divide the customers at any time (P-18 to P-21): no need to count. */
function isDivision(segments: readonly Segment[]): boolean {
  const presets = Object.keys(PRESETS).length - 1;
  return segments.length === presets && segments.every(({ shipped }) => shipped);
}

function read(looked: readonly Understood[], masks: readonly sql.MaskRow[]): Coverage {
  const customers = (which: (mask: sql.MaskRow) => boolean) =>
    masks.filter(which).reduce((sum, mask) => sum + Number(mask.customers), 0);
  const overlaps = looked.flatMap((one, at) =>
    looked.slice(at + 1).map((other, after) => ({
      one,
      other,
      customers: customers(({ inside }) => Boolean(inside[at] && inside[at + 1 + after])),
      filter: asked([...one.filter, ...other.filter]),
    })),
  );
  const left = customers(({ inside, active }) => active && !inside.includes(true));
  return {
    dividing: looked,
    overlaps: overlaps.filter((overlap) => overlap.customers > 0),
    hole: left === 0 ? null : { customers: left, filter: asked([ACTIVE, noneOf(looked)]) },
  };
}

const ACTIVE: Part = { field: 'activities', operator: 'gte', values: ['1'] };

const noneOf = (segments: readonly Understood[]): Group => ({
  join: 'none',
  parts: segments.map(({ filter }) => {
    const [only, ...rest] = filter;
    return only && rest.length === 0 ? only : { join: 'all', parts: filter };
  }),
});

/** null: more than an address may ask for */
function asked(filter: Filter): Filter | null {
  return conditionsIn(filter) <= MAX_CONDITIONS && filter.every((part) => depthOf(part) <= MAX_DEPTH) ? filter : null;
}
