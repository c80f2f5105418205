import { translator } from '../platform/i18n.ts';
import type { Company, Locale } from '../tenancy/company.ts';
import { makeFormat } from '../web/format.ts';

interface Ready {
  company: Company;
  link: string;
  rows: number;
  expiresAt: Date;
  now: Date;
}

/** The letter with the link (P-93), in the language of who wanted the file. */
export function readyLetter(
  locale: Locale,
  { company, link, rows, expiresAt, now }: Ready,
): { subject: string; text: string } {
  const t = translator(locale);
  const format = makeFormat(locale, company.timezone, now);
  return {
    subject: t('exports.letter.subject', { company: company.name }),
    text: t('exports.letter.text', {
      count: rows,
      rows: format.number(rows),
      company: company.name,
      link,
      expires: format.dateTime(expiresAt),
    }),
  };
}
