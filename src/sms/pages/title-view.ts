import type { CompanyContext } from '../../web/context.ts';
import type { CampaignRow } from '../draft/draft.ts';

/** What it is called: what went to one customer in the words of whoever looks at it, not of whoever sent it. */
export const titleOf = (
  { t }: Pick<CompanyContext, 't'>,
  { kind, name, customer_name: customer }: Pick<CampaignRow, 'kind' | 'name' | 'customer_name'>,
): string =>
  kind === 'one' || kind === 'reply' ? t('sms.one.name', { name: customer ?? t('customers.noName') }) : name;
