import { readFileSync } from 'node:fs';
import i18next from 'i18next';
import { rootPath } from './root.ts';

export type T = (key: string, values?: Record<string, unknown>) => string;

export const LOCALES = ['en', 'uk'] as const;

export function isLocale(text: unknown): text is (typeof LOCALES)[number] {
  return LOCALES.some((locale) => locale === text);
}

/** The words of one language: `t('customers.list.title')`. A `count` among the values picks the plural form. */
export function translator(locale: (typeof LOCALES)[number]): T {
  return translators[locale];
}

const words = i18next.createInstance();

await words.init({
  resources: Object.fromEntries(LOCALES.map((locale) => [locale, { translation: readWords(locale) }])),
  fallbackLng: 'en',
  // Templates and mail escape what they print.
  interpolation: { escapeValue: false },
});

const translators = { en: fixed('en'), uk: fixed('uk') };

// A page asks for dozens of words: looking each up through i18next was a fifth of the time it takes to lay out the list. So a text is
// looked up once, each of its plural forms by itself, and what stands for a name in it is put in here.
function fixed(locale: string): T {
  const t = words.getFixedT(locale);
  const rules = new Intl.PluralRules(locale);
  const texts = new Map<string, string>();
  const textOf = (key: string, count: unknown) => {
    const place = typeof count === 'number' ? `${key} ${count === 0 ? 'zero' : rules.select(count)}` : key;
    const known = texts.get(place) ?? t(key, { skipInterpolation: true, ...(count === undefined ? {} : { count }) });
    texts.set(place, known);
    return known;
  };
  return (key, values) => {
    if (!values) return textOf(key, undefined);
    return textOf(key, values.count).replace(/{{(\w+)}}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

function readWords(locale: string): Record<string, unknown> {
  return JSON.parse(readFileSync(rootPath('locales', `${locale}.json`), 'utf8'));
}
