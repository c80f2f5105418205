import type { Request } from 'express';
import { isId } from '../kernel/id.ts';
import { isCleanText } from '../kernel/text.ts';
import type { IdKind } from './context.ts';

/** Whether everything the browser sent can be stored and shown: PostgreSQL takes neither NUL nor half characters. */
export function isClean(req: Request): boolean {
  return [req.params, req.query, req.body].every(isCleanValue);
}

function isCleanValue(value: unknown): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isCleanText(key) && isCleanValue(inner));
}

// What has another name than an id, or may have one, such as a preset segment.
const NAMED: ReadonlySet<IdKind> = new Set<IdKind>(['slug', 'token', 'segment', 'suppression']);

/** Whether the address can name anything at all; what is no id is answered like an id that is not there. */
export function namesIds(req: Request, ids: Readonly<Record<string, IdKind>> = {}): boolean {
  return Object.entries(ids).every(([name, kind]) => {
    const value = req.params[name];
    return NAMED.has(kind) || (typeof value === 'string' && isId(value));
  });
}
