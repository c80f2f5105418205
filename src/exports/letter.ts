import { translator } from '../platform/i18n.ts';
import type { Company, Locale } from '../tenancy/company.ts';
import { makeFormat } from '../web/format.ts';
import type { Kind } from './sql.ts';

interface Ready {
  company: Company;
  link: string;
  rows: number;
  expiresAt: Date;
  now: Date;
  kind: Kind;
}

/** The letter with the link (P-93), in the language of who wanted the file. */
export function readyLetter(
  locale: Locale,
  { company, link, rows, expiresAt, now, kind }: Ready,
): { subject: string; text: string } {
  const t = translator(locale);
  const format = makeFormat(locale, company.timezone, now);
  if (kind === 'person') {
    return {
      subject: t('exports.person.letter.subject', { company: company.name }),
      text: t('exports.person.letter.text', { company: company.name, link, expires: format.dateTime(expiresAt) }),
    };
  }
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
