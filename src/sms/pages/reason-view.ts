import type { CompanyContext } from '../../web/context.ts';

/** Why somebody was skipped (a word of ours), or why it failed (the provider's code), in words. */
export function reasonText({ t }: Pick<CompanyContext, 't'>, reason: string | null): string {
  if (reason === null || reason === '') return t('sms.error.unknown');
  const key = /^\d+$/.test(reason) ? `sms.error.${reason}` : `sms.skip.${reason}`;
  const words = t(key);
  return words === key ? t('sms.error.other', { reason }) : words;
}
