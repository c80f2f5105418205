import * as customers from '../../customers/customers.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { CompanyContext } from '../../web/context.ts';
import { FieldError } from '../../web/form.ts';
import type { Whom } from '../draft/draft.ts';
import { type Preview, preview } from '../text/text.ts';

/** A text as somebody would get it, and what it costs. */
export interface Checked {
  /** null: nothing is written, or it cannot be understood */
  preview: Preview | null;
  /** what is wrong with the text */
  error: FieldError | null;
  /** for whom it is shown; null: for nobody in particular */
  customer: customers.CustomerRow | null;
  /** that somebody was looked for and not found */
  missed: boolean;
}

/** `q`: whoever it is to be shown for; empty: the first of those who would get it. */
export async function check(
  ctx: CompanyContext,
  db: CompanyReader,
  { body, whom, q }: { body: string; whom: Whom | null; q: string },
): Promise<Checked> {
  const text = body.replace(/\r\n?/g, '\n').trim();
  if (text === '') return { preview: null, error: null, customer: null, missed: false };
  const customer = await somebody(ctx, db, whom, q.trim());
  const missed = q.trim() !== '' && customer === null;
  try {
    const shown = await preview(db, { body: text }, customer?.id ?? null, ctx.services.config.publicUrl);
    return { preview: shown, error: null, customer, missed };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { preview: null, error, customer, missed };
  }
}

async function somebody(
  ctx: CompanyContext,
  db: CompanyReader,
  whom: Whom | null,
  q: string,
): Promise<customers.CustomerRow | null> {
  if (q === '' && whom && 'ids' in whom) return (await customers.several(db, whom.ids.slice(0, 1)))[0] ?? null;
  const filter = q === '' && whom && 'filter' in whom ? whom.filter : null;
  if (filter === null && q === '') return null;
  const params = filter === null ? new URLSearchParams({ q }) : new URLSearchParams(filter);
  const { state } = customers.parseListState(params, ctx.company);
  return (await customers.list(db, state, ctx.now)).rows[0] ?? null;
}
