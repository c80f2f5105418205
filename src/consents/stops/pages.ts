import { z } from 'zod';
import { phoneHint, phoneKey } from '../../kernel/phone-key.ts';
import type { CompanyContext } from '../../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { localPath } from '../../web/local-path.ts';
import { countSuppressed, lift, listSuppressed, suppress } from '../consents.ts';
import { numberInput } from '../input.ts';
import { blockModel, listModel, removalModel } from './view.ts';

const PER = 50;

/** The numbers of the company that get nothing, the newest first; `q`: one number in any spelling. */
export async function list(ctx: CompanyContext): Promise<void> {
  const { services, company, req } = ctx;
  const q = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, 100) : '';
  const number = q === '' ? null : numberInput(company.country).safeParse(q);
  const key = number?.success ? phoneKey(services.secrets.phoneKey, number.data) : null;
  const before = typeof req.query.before === 'string' ? req.query.before.slice(0, 100) : null;
  const [rows, count] = await services.tenancy.reading(company, async (db) =>
    number?.success === false
      ? ([[], await countSuppressed(db)] as const)
      : Promise.all([listSuppressed(db, { key, per: PER + 1, before }), countSuppressed(db)]),
  );
  const wrong = number?.success === false;
  await ctx.render('consents/stops', listModel(ctx, rows, { q, wrong, count, per: PER, before }));
}

export function showBlock(ctx: CompanyContext): Promise<void> {
  const { number } = ctx.req.query;
  const typed = typeof number === 'string' ? number.slice(0, 100) : '';
  return blockPage(ctx, typed ? { values: { number: typed }, errors: {} } : nothingTyped);
}

/** Blocks a number by hand; a second time is no mistake. */
export async function block(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const form = z.object({ number: numberInput(company.country) });
  const outcome = await submit(ctx, form, ({ number }) =>
    services.tenancy.inCompany(company, (db) => {
      const who = { addressKey: db.keyOfPhone(number), hint: phoneHint(number) };
      return suppress(db, { ...who, reason: 'hand', userId: member.user.id });
    }),
  );
  if ('errors' in outcome) return blockPage(ctx, outcome);
  const text = t(outcome.saved ? 'consents.told.blocked' : 'consents.told.wasBlocked');
  ctx.redirect(backTo(ctx.req.body?.back), { kind: 'done', text });
}

function blockPage(ctx: CompanyContext, refusal: Refusal): Promise<void> {
  const back = backTo(ctx.req.body?.back ?? ctx.req.query.back);
  return ctx.render('consents/block', blockModel(refusal, back), Object.keys(refusal.errors).length > 0 ? 422 : 200);
}

export async function askRemoval(ctx: CompanyContext): Promise<void> {
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  await ctx.render('consents/removal', removalModel(ctx, row, backTo(ctx.req.query.back)));
}

/** Takes away what the company did; what the person said stays. */
export async function remove(ctx: CompanyContext): Promise<void> {
  const { services, company, member, t } = ctx;
  const row = await found(ctx);
  if (!row) return ctx.notFound();
  if (!row.blocked) return ctx.render('consents/removal', removalModel(ctx, row, '/sms/stops'), 422);
  await services.tenancy.inCompany(company, (db) => lift(db, row.addressKey, member.user.id, { only: ['hand'] }));
  const text = t(row.reason === 'hand' ? 'consents.told.released' : 'consents.told.stillSilent');
  ctx.redirect(backTo(ctx.req.body?.back), { kind: 'done', text });
}

async function found({ services, company, req }: CompanyContext) {
  const [row] = await services.tenancy.reading(company, (db) =>
    listSuppressed(db, { key: String(req.params.key), per: 1, before: null }),
  );
  return row;
}

/** The page the person came from: the list, or a customer's. */
function backTo(given: unknown): string {
  const path = localPath(given);
  return path.startsWith('/customers/') ? path : '/sms/stops';
}
