import { createHash } from 'node:crypto';
import type { Sql } from './db.ts';

const keptPlans = new WeakSet<Sql>();

/**
 * PostgreSQL plans this statement once for each connection, not each time it is asked: with row level security on every table that can
 * cost more than the answer. For statements that many requests begin with, whose text is one of few and for which one plan is good
 * whatever is bound.
 */
export function kept(statement: Sql): Sql {
  keptPlans.add(statement);
  return statement;
}

// Of the few texts that are kept.
const names = new Map<string, string>();

/** The name under which the plan is kept. undefined: it is not. */
export function planName(statement: Sql): string | undefined {
  if (!keptPlans.has(statement)) return undefined;
  const { text } = statement;
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
  names.set(text, name);
  return name;
}
