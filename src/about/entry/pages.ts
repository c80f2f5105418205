import { z } from 'zod';
import { parsePhone } from '../../kernel/phone.ts';
import type { Context } from '../../web/context.ts';
import { FieldError, nothingTyped, type Refusal, submit, typedValues } from '../../web/form.ts';
import { CODE_MINUTES, codesADay, sendCode, type Tried, tryCode } from './code.ts';
import { waitForCode, waitForGuess, waitForPortal } from './throttle.ts';
import { codeModel, ENTRY, enterModel } from './view.ts';
import { beginVisit, endVisit, proveVisit, readVisit, type Visit } from './visit.ts';

export const showEntry = (ctx: Context, refusal: Refusal = nothingTyped, status = 200): Promise<void> =>
  ctx.render('about/enter', enterModel(ctx, refusal), status);

const numberInput = z.object({
  country: z.string().max(2).default(''),
  phone: z.string('web.form.required').trim().min(1, 'web.form.required').max(64, 'about.enter.noNumber'),
});

/** Sends a code to the number, whoever's it is, and goes on to where it is typed in. */
export async function postNumber(ctx: Context): Promise<void> {
  const { req, res, services, now, t } = ctx;
  const outcome = await submit(ctx, numberInput, async ({ country, phone: given }) => {
    const phone = readNumber(given, country);
    const key = await services.tenancy.inPortal(async (db) => db.keyOfPhone(phone));
    const wait = await waitForCode(services.limiter, req.ip ?? '', key);
    if (wait > 0) return { wait, text: t('about.enter.wait', { count: Math.ceil(wait / 60) }) };
    const rest = await waitForPortal(services.limiter, await codesADay(services));
    if (rest > 0) return { wait: rest, text: t('about.enter.full') };
    const words = (code: string) => t('about.sms.code', { code, count: CODE_MINUTES });
    await services.tenancy.inPortal(async (db) => {
      await beginVisit(ctx, db, phone, await sendCode(db, services, { phone, now, words }));
    });
    return null;
  });
  if ('errors' in outcome) return showEntry(ctx, outcome, 422);
  if (outcome.saved === null) return ctx.redirect('/about-me/code');
  res.set('Retry-After', String(outcome.saved.wait));
  const errors = { phone: outcome.saved.text };
  await showEntry(ctx, { values: typedValues(req.body), errors }, 429);
}

function readNumber(given: string, country: string): string {
  const read = parsePhone(given, country);
  if (!read)
    throw new FieldError('phone', country || given.startsWith('+') ? 'about.enter.noNumber' : 'about.enter.noCountry');
  if (!read.mobile) throw new FieldError('phone', 'about.enter.noMobile');
  return read.e164;
}

export async function showCode(ctx: Context): Promise<void> {
  const visit = await readVisit(ctx);
  if (!visit?.codeId) return ctx.redirect('/about-me');
  await ctx.render('about/code', codeModel(visit, null));
}

export async function postCode(ctx: Context): Promise<void> {
  const { req, res, services, t } = ctx;
  const visit = await readVisit(ctx);
  if (!visit?.codeId) return ctx.redirect(ENTRY.code);
  const typed = typedValues(req.body).code;
  const code = readCode(typed);
  if (code === null) return ctx.render('about/code', codeModel(visit, t('about.code.sixDigits'), typed), 422);
  const wait = await waitForGuess(services.limiter, req.ip ?? '');
  if (wait > 0) {
    res.set('Retry-After', String(wait));
    return ctx.render('about/code', codeModel(visit, t('about.enter.wait', { count: Math.ceil(wait / 60) })), 429);
  }
  const tried = await prove(ctx, visit, visit.codeId, code);
  if (tried === 'right') return ctx.redirect('/about-me');
  if (tried === 'over') return ctx.redirect(ENTRY.code);
  await ctx.render('about/code', codeModel(visit, t('about.code.wrong', { count: tried.left })), 422);
}

/** The code is used up exactly if the visit is proved. */
function prove(ctx: Context, visit: Visit, id: string, code: string): Promise<Tried> {
  return ctx.services.tenancy.inPortal(async (db) => {
    const tried = await tryCode(db, ctx.services, { id, code, now: ctx.now });
    if (tried === 'right') await proveVisit(ctx, db, visit.phone);
    return tried;
  });
}

/** Six digits of any script, with blanks or dashes as SMS and people put them; null: something else */
function readCode(given: string | undefined): string | null {
  const digits = (given ?? '').normalize('NFKC').replace(/[\s\p{Pd}]/gu, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}

export async function leave(ctx: Context): Promise<void> {
  await endVisit(ctx);
  // Back must not show this to the next person at this machine.
  ctx.res.set('Clear-Site-Data', '"cache"');
  ctx.redirect(ENTRY.left);
}
