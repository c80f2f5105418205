import { phoneCountries } from '../../kernel/phone.ts';
import type { Locale } from '../../tenancy/company.ts';
import type { Context } from '../../web/context.ts';
import type { Choice } from '../../web/form.ts';

/** The countries in the reader's language and order; the chosen one is the typed one, else where the reader seems to be. */
export function countryChoices(ctx: Context, typed: string | undefined): Choice[] {
  const chosen = typed ?? guess(ctx);
  return named(ctx.locale).map(({ value, label }) => ({ value, label, chosen: value === chosen }));
}

/** `Accept-Language: uk, en-GB`: the first country in it, else that of the language. '' makes the person choose. */
function guess({ req, locale }: Context): string {
  const named = /[-_]([A-Z]{2})\b/.exec(req.headers['accept-language'] ?? '')?.[1];
  return named ?? (locale === 'uk' ? 'UA' : '');
}

const lists = new Map<Locale, { value: string; label: string }[]>();

function named(locale: Locale): { value: string; label: string }[] {
  const known = lists.get(locale);
  if (known) return known;
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const list = phoneCountries()
    .map(({ code, calling }) => ({ value: code, name: names.of(code) ?? code, calling }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
    .map(({ value, name, calling }) => ({ value, label: `${name} (+${calling})` }));
  lists.set(locale, list);
  return list;
}
