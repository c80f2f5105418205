import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import { isId } from '../../kernel/id.ts';
import type { Sql } from '../../platform/db.ts';
import * as sql from './sql.ts';

/** What a list can be sorted by; ties go by id. */
interface SortKind {
  readonly by: Sql;
  /** the key of a row as text, for a cursor */
  readonly text: Sql;
  /** that text as a bound value again; null: it never was one */
  bind(text: string): Sql | null;
}

const SORTS = {
  activity: time(sql.latest),
  name: { by: sql.name, text: sql.name, bind: sql.bindText },
  orders: number(sql.orders),
  sum: number(sql.sum),
  last_order: time(sql.lastOrder),
  created: time(sql.created),
} satisfies Record<string, SortKind>;

export type SortKey = keyof typeof SORTS;

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

export const SORT_KEYS = Object.keys(SORTS) as SortKey[];

/** The newest activity first (P-16). */
export const DEFAULT_SORT: Sort = { key: 'activity', descending: true };

export const sortKind = ({ key }: Sort): SortKind => SORTS[key];

/** `-activity`, `name`; null: no such sort. */
export function parseSort(text: string): Sort | null {
  const key = SORT_KEYS.find((name) => name === text.replace(/^-/, ''));
  return key ? { key, descending: text.startsWith('-') } : null;
}

export const sortText = ({ key, descending }: Sort) => `${descending ? '-' : ''}${key}`;

/** The row beside which a page begins: its sort key and id. */
export interface Mark {
  readonly key: Sql;
  readonly id: string;
}

export function markText(sort: Sort, row: { sort_key: string; id: string }): string {
  return encodeCursor([sortText(sort), row.sort_key, row.id]);
}

/** null: made by hand, or under another sort. */
export function parseMark(sort: Sort, token: string): Mark | null {
  const [made, text = '', id = ''] = decodeCursor(token, 3) ?? [];
  const key = made === sortText(sort) && isId(id) ? sortKind(sort).bind(text) : null;
  return key && { key, id };
}

function number(column: Sql): SortKind {
  return {
    by: column,
    text: sql.asText(column),
    bind: (text) =>
      /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? sql.bindNumber(text) : null,
  };
}

// Microseconds, as PostgreSQL keeps them: a JavaScript date would lose the last three digits and with them rows.
function time(column: Sql): SortKind {
  return {
    by: column,
    text: sql.microseconds(column),
    bind: (text) => {
      if (text === '-Infinity') return sql.never;
      return /^-?\d{1,16}$/.test(text) ? sql.bindTime(text) : null;
    },
  };
}
