import type { Sql } from '../platform/db.ts';
import type { Company } from '../tenancy/company.ts';
import { FIELDS } from './fields.ts';
import * as sql from './sql.ts';
import { type Filter, fieldsIn, isGroup, type Part } from './tree.ts';
import type { Way } from './types.ts';

/** One boolean expression over the alias `c` of table customer: all parts hold. Who is not listed is the caller's to leave out. */
export function compile(filter: Filter, company: Company, now: Date, way: Way = 'gathered'): Sql {
  return sql.all(filter.map((part) => compilePart(part, company, now, way)));
}

export function compilePart(part: Part, company: Company, now: Date, way: Way = 'gathered'): Sql {
  if (!isGroup(part)) return FIELDS[part.field].compile(part.operator, part.values, company, now, way, part.within);
  return JOINED[part.join](part.parts.map((inner) => compilePart(inner, company, now, way)));
}

/** Whether it makes a difference which way is taken. */
export const hasWays = (filter: Filter): boolean => fieldsIn(filter).has('reviews');

const JOINED = { any: sql.any, all: sql.together, none: sql.none };
