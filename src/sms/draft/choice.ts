import * as customers from '../../customers/customers.ts';
import { liveSegments } from '../../segments/segments.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import * as sql from './sql.ts';

/** Ticked customers, or the query string of the list for all that match. */
export type Whom = { ids: readonly string[] } | { filter: string };

/**
 * The choice with those only who are customers here. Throws FieldError `to` where nobody is left, and where a part of the filter is not
 * understood: without that part it would find more people than were meant.
 */
export async function understood(db: CompanyReader | CompanyDb, whom: Whom): Promise<Whom> {
  if ('filter' in whom) {
    await assertFilter(db, whom.filter);
    return whom;
  }
  const known = new Set((await db.query<{ id: string }>(sql.customersOf(whom.ids))).map(({ id }) => id));
  const ids = [...new Set(whom.ids.map((id) => id.toLowerCase()))].filter((id) => known.has(id));
  if (ids.length === 0) throw new FieldError('to', 'sms.form.nobodyHere');
  return { ids };
}

async function assertFilter(db: CompanyReader | CompanyDb, filter: string): Promise<void> {
  const { errors } = customers.parseListState(new URLSearchParams(filter), db.company, await liveSegments(db));
  const wrong = new Set(errors.map(({ parameter }) => parameter));
  if (wrong.has('segment')) throw new FieldError('to', 'sms.form.noSegment');
  // The rest of a state of the list – its order, its page – chooses nobody.
  if (wrong.has('where') || wrong.has('q')) throw new FieldError('to', 'sms.form.notUnderstood');
}
