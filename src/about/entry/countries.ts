import { phoneCountries } from '../../kernel/phone.ts';
import type { Locale } from '../../tenancy/company.ts';
import type { Context } from '../../web/context.ts';
import type { Choice } from '../../web/form.ts';

/** The countries in the reader's language and order. Without a choice: Ukraine for who reads Ukrainian, else the person chooses. */
export function countryChoices({ locale }: Context, typed: string | undefined): Choice[] {
  const chosen = typed ?? (locale === 'uk' ? 'UA' : '');
  return named(locale).map(({ value, label }) => ({ value, label, chosen: value === chosen }));
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
