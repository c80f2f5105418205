import { dayOf, type Span, spanStart } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { Condition } from './condition.ts';

// Who did something since then is new or loyal, who did not is inactive: no gap and no overlap (readings 1 and 2).
const RECENT: Span = '3m';

const recent: Condition = { field: 'activity', operator: 'within', values: [RECENT] };

/** The groups that are there from the start (P-17..P-21). All holds those without any activity too. */
export const PRESETS = {
  all: [],
  new: [recent, { field: 'activities', operator: 'eq', values: ['1'] }],
  loyal: [recent, { field: 'activities', operator: 'gte', values: ['2'] }],
  inactive: [{ field: 'activity', operator: 'before', values: [RECENT] }],
} as const satisfies Record<string, readonly Condition[]>;

export type PresetKey = keyof typeof PRESETS;

export const PRESET_KEYS = Object.keys(PRESETS) as PresetKey[];

export function isPreset(key: string): key is PresetKey {
  return Object.hasOwn(PRESETS, key);
}

/** The first day (YYYY-MM-DD, company's zone) that still counts as recent: what the rollup is cut at. */
export function recentSince({ timezone }: Company, now: Date): string {
  const minute = Math.floor(now.getTime() / 60_000);
  const known = recentDays.get(timezone);
  if (known?.minute === minute) return known.day;
  const day = dayOf(spanStart(RECENT, now, timezone), timezone);
  recentDays.set(timezone, { minute, day });
  return day;
}

// Every page asks for it, calendars are slow, and days begin on a whole minute everywhere.
const recentDays = new Map<string, { minute: number; day: string }>();
