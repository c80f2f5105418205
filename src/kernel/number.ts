/**
 * A decimal as somebody who reads this language types it, with a point and without groups: `1 250,50` and `1250,50` in Ukrainian and
 * `1,250.50` in English are `1250.50`, and the other language's signs are taken where they can mean one thing only. The text as it
 * is, which is no number, where they cannot: `1.250` in Ukrainian, `1250,500` in English.
 */
export function plainDecimal(text: string, locale: 'en' | 'uk'): string {
  const given = text.replace(/[\s'’]/g, '');
  const own = SIGNS[locale];
  const foreign = { point: own.comma, comma: own.point };
  const english = swap(given, own);
  if (/^-?\d+(\.\d+)?$/.test(english)) return english;
  if (/^-?\d{1,3}(,\d{3})+\.\d+$/.test(english) || /^-?\d{1,3}(,\d{3}){2,}$/.test(english)) return ungrouped(english);
  if (/^-?\d{1,3},\d{3}$/.test(english)) return locale === 'en' ? ungrouped(english) : text;
  const other = swap(given, foreign);
  if (/^-?\d{1,3}(,\d{3})+\.\d+$/.test(other)) return ungrouped(other);
  return /^-?\d+\.(\d{1,2}|\d{4,})$/.test(other) ? other : text;
}

// In English a comma before three digits parts the thousands; a point before three digits is no habit of Ukrainian at all.
const SIGNS = { en: { point: '.', comma: ',' }, uk: { point: ',', comma: '.' } } as const;

const swap = (text: string, { point, comma }: { point: string; comma: string }) =>
  text.replace(/[.,]/g, (sign) => (sign === point ? '.' : sign === comma ? ',' : sign));

const ungrouped = (text: string) => text.replaceAll(',', '');
