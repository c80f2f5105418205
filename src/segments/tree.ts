import type { Condition } from './condition.ts';
import type { FieldKey } from './fields.ts';

/** `all`: every part holds. `any`: at least one. `none`: not one. */
export const JOINS = ['any', 'all', 'none'] as const;
export type Join = (typeof JOINS)[number];

export interface Group {
  readonly join: Join;
  readonly parts: readonly Part[];
}

/** A condition, or several of them in brackets. A filter is a list of parts that all hold. */
export type Part = Condition | Group;
export type Filter = readonly Part[];

/** In a whole filter, the segment's own ones included. */
export const MAX_CONDITIONS = 20;

/** So many brackets may stand in one another. */
export const MAX_DEPTH = 3;

export const isGroup = (part: Part): part is Group => 'join' in part;

/** How many conditions stand in it, in all brackets together. */
export const sizeOf = (part: Part): number => (isGroup(part) ? total(part.parts.map(sizeOf)) : 1);

export const conditionsIn = (filter: Filter): number => total(filter.map(sizeOf));

/** How many brackets stand in one another: 0 for a condition. */
export const depthOf = (part: Part): number => (isGroup(part) ? 1 + Math.max(0, ...part.parts.map(depthOf)) : 0);

/** Every condition, in the order in which they stand. */
export const leavesOf = (part: Part): readonly Condition[] => (isGroup(part) ? part.parts.flatMap(leavesOf) : [part]);

export const fieldsIn = (filter: Filter): Set<FieldKey> => new Set(filter.flatMap(leavesOf).map(({ field }) => field));

/** Where a part stands: `1` is the second part, `1.0` the first one in its brackets. */
export type Path = readonly number[];

/** null: no path */
export function readPath(text: string): Path | null {
  return /^\d{1,2}(\.\d{1,2}){0,3}$/.test(text) ? text.split('.').map(Number) : null;
}

export const pathText = (path: Path): string => path.join('.');

/**
 * The filter with one more condition. At a part it is the alternative to it: in brackets it joins them; beside a condition new
 * brackets are made, of the other kind than those around. Where there is no such part it is one more that must hold.
 */
export function withAdded(filter: Filter, added: Condition, at: Path | null): Filter {
  const [first, ...rest] = at ?? [];
  const part = first === undefined ? undefined : filter[first];
  if (!part || first === undefined) return [...filter, added];
  return filter.with(first, extended(part, added, rest, 'all'));
}

function extended(part: Part, added: Condition, [next, ...rest]: Path, around: Join): Part {
  const inner = isGroup(part) && next !== undefined ? part.parts[next] : undefined;
  if (isGroup(part) && inner && next !== undefined) {
    return { ...part, parts: part.parts.with(next, extended(inner, added, rest, part.join)) };
  }
  if (isGroup(part)) return { ...part, parts: [...part.parts, added] };
  return { join: around === 'all' ? 'any' : 'all', parts: [part, added] };
}

/** The filter without the part at this place. Brackets round a single part are taken away, and empty ones too. */
export function without(filter: Filter, [first, ...rest]: Path): Filter {
  return filter.flatMap((part, at) => {
    if (at !== first) return [part];
    if (rest.length === 0 || !isGroup(part)) return [];
    return bare({ ...part, parts: without(part.parts, rest) });
  });
}

function bare(group: Group): readonly Part[] {
  if (group.parts.length === 0) return [];
  return group.parts.length === 1 && group.join !== 'none' ? group.parts : [group];
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0);
