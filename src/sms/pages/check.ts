import * as customers from '../../customers/customers.ts';
import type { Sql } from '../../platform/db.ts';
import { liveSegments } from '../../segments/segments.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError } from '../../web/form.ts';
import type { Whom } from '../draft/draft.ts';
import { type Preview, preview } from '../text/text.ts';
import * as sql from './sql.ts';

/** A text as somebody would get it, and what it costs. */
export interface Checked {
  /** null: nothing is written, or it cannot be understood */
  preview: Preview | null;
  /** what is wrong with the text */
  error: FieldError | null;
  /** for whom it is shown; null: for nobody in particular */
  customer: customers.CustomerRow | null;
  /** that whoever was looked for was not found, or is not among the recipients; null: neither */
  missed: 'nobody' | 'outside' | null;
}

/** `q`: whoever it is to be shown for; empty: the first of those who would get it. */
export async function check(
  ctx: CompanyContext,
  db: CompanyReader,
  { body, whom, q }: { body: string; whom: Whom | null; q: string },
): Promise<Checked> {
  const text = body.replace(/\r\n?/g, '\n').trim();
  if (text === '') return { preview: null, error: null, customer: null, missed: null };
  const { customer, missed } = await somebody(ctx, db, whom, q.trim());
  try {
    const shown = await preview(db, { body: text }, customer?.id ?? null, ctx.services.config.publicUrl);
    return { preview: shown, error: null, customer, missed };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { preview: null, error, customer, missed };
  }
}

type Found = Pick<Checked, 'customer' | 'missed'>;

async function somebody(ctx: CompanyContext, db: CompanyReader, whom: Whom | null, q: string): Promise<Found> {
  if (q !== '') return searched(ctx, db, whom, q);
  if (!whom) return { customer: null, missed: null };
  if ('ids' in whom) return { customer: (await customers.several(db, whom.ids.slice(0, 1)))[0] ?? null, missed: null };
  const { state } = customers.parseListState(new URLSearchParams(whom.filter), ctx.company, await liveSegments(db));
  return { customer: (await customers.list(db, state, ctx.now)).rows[0] ?? null, missed: null };
}

/** Of those who are found, one who is among the recipients comes first. */
async function searched(ctx: CompanyContext, db: CompanyReader, whom: Whom | null, q: string): Promise<Found> {
  const { state } = customers.parseListState(new URLSearchParams({ q }), ctx.company);
  const { rows, next } = await customers.list(db, state, ctx.now);
  const [first] = rows;
  if (!first) return { customer: null, missed: 'nobody' };
  const chosen = whom && (await chosenOf(ctx, db, whom));
  if (!chosen) return { customer: first, missed: null };
  const shown = await db.query<{ id: string }>(
    sql.chosenOf(
      rows.map(({ id }) => id),
      chosen,
    ),
  );
  const inside = rows.find(({ id }) => shown.some((each) => each.id === id));
  if (inside) return { customer: inside, missed: null };
  const { where } = customers.selection(state, ctx.company, ctx.now);
  const further = next === null ? [] : await db.query<{ id: string }>(sql.firstOf(where, chosen));
  const [other] = await customers.several(
    db,
    further.map(({ id }) => id),
  );
  return other ? { customer: other, missed: null } : { customer: first, missed: 'outside' };
}

async function chosenOf(ctx: CompanyContext, db: CompanyReader, whom: Whom): Promise<Sql> {
  if ('ids' in whom) return sql.ticked(whom.ids);
  const { state } = customers.parseListState(new URLSearchParams(whom.filter), ctx.company, await liveSegments(db));
  return customers.selection(state, ctx.company, ctx.now).where;
}
