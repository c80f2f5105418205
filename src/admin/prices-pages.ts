import { text as wholeText } from 'node:stream/consumers';
import { decimalOf, type LineError, listPrices, placeText, readPrices, setPrices } from '../senders/senders.ts';
import type { SignedInContext } from '../web/context.ts';
import { uploadOf } from '../web/upload.ts';

/** The most that a file of prices may have: thousands of lines. */
export const PRICE_BYTES = 500_000;
// What is typed into the page; longer lists come as a file.
const MOST_TYPED = 19_000;

export const show = (ctx: SignedInContext): Promise<void> => page(ctx, '', []);

/** Takes a list of prices as a file, or as it was pasted: all of it, or nothing and what is wrong with which lines. */
export async function load(ctx: SignedInContext): Promise<void> {
  const { services, member, t, format, req } = ctx;
  const body: Record<string, unknown> = req.body ?? {};
  const typed = typeof body.prices === 'string' ? body.prices : '';
  const upload = uploadOf(req);
  const file = upload && upload.name !== '' ? await wholeText(upload.stream) : null;
  if (upload?.tooBig() || (file === null && typed.length > MOST_TYPED))
    return page(ctx, '', [{ line: 1, message: 'tooBig', value: '' }]);
  const text = file ?? typed;
  const read = readPrices(text);
  if ('errors' in read) return page(ctx, text.length > MOST_TYPED ? '' : text, read.errors);
  const replace = body.replace === 'on';
  const { changed, removed } = await services.tenancy.inPortal((db) =>
    setPrices(db, read.prices, { replace, by: member.user.id }),
  );
  const told = t('admin.prices.loaded', { count: changed, shown: format.number(changed) });
  const gone = removed > 0 ? ` ${t('admin.prices.gone', { count: removed, shown: format.number(removed) })}` : '';
  ctx.redirect('/admin/prices', { kind: 'done', text: told + gone });
}

async function page(ctx: SignedInContext, typed: string, errors: readonly LineError[]): Promise<void> {
  const { services, t, format, locale } = ctx;
  const rows = await services.tenancy.inPortal(listPrices);
  await ctx.render(
    'admin/prices',
    {
      prices: rows.map(({ channel, country, micros, currency, updatedAt }) => ({
        channel: t(`consents.channel.${channel}`),
        country: placeText(country, locale),
        code: /^\d/.test(country) ? '' : country,
        price: `${decimalOf(micros)} ${currency}`,
        since: format.date(updatedAt),
      })),
      typed,
      errors: errors.map(({ line, message, value }) =>
        t('admin.prices.line', { line, what: t(`admin.prices.wrong.${message}`, { value }) }),
      ),
    },
    errors.length > 0 ? 422 : 200,
  );
}
