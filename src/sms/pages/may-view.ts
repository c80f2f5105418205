import type { CompanyContext } from '../../web/context.ts';

/** Why a person may not send; null: may. */
export function cannotSend({ t, may, company }: Pick<CompanyContext, 't' | 'may' | 'company'>): string | null {
  if (may('campaigns:send')) return null;
  return t(company.plan === 'free' ? 'sms.cannot.plan' : 'sms.cannot.role');
}
