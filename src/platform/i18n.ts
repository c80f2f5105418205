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

// A page asks for dozens of words that never change: looking them up through i18next was a sixth of its time.
function fixed(locale: string): T {
  const t = words.getFixedT(locale);
  const plain = new Map<string, string>();
  return (key, values) => {
    if (values && Object.keys(values).length > 0) return t(key, values);
    const known = plain.get(key) ?? t(key);
    plain.set(key, known);
    return known;
  };
}

function readWords(locale: string): Record<string, unknown> {
  return JSON.parse(readFileSync(rootPath('locales', `${locale}.json`), 'utf8'));
}
