import { dayOf } from '../kernel/time.ts';
import { listRates, newRate, setRate } from '../rates/rates.ts';
import type { SignedInContext } from '../web/context.ts';
import { type Refusal, submit } from '../web/form.ts';
import { MOST_ROWS, statusOf } from './view.ts';

export function list(ctx: SignedInContext): Promise<void> {
  return page(ctx, { values: { day: dayOf(ctx.now, 'UTC') }, errors: {} });
}

export async function set(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const outcome = await submit(ctx, newRate, (rate) =>
    services.tenancy.inPortal((db) => setRate(db, rate, member.user.id)),
  );
  if ('errors' in outcome) return page(ctx, outcome);
  ctx.redirect('/admin/rates', { kind: 'done', text: t('web.form.saved') });
}

async function page(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const rows = await ctx.services.tenancy.inPortal((db) => listRates(db, MOST_ROWS));
  const rates = rows.map(({ from_currency, to_currency, rate, day }) => ({
    from: from_currency,
    to: to_currency,
    rate,
    day: ctx.format.day(day),
  }));
  await ctx.render('admin/rates', { rates, values, errors }, statusOf(errors));
}
