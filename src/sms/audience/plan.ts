import type { CampaignRow } from '../draft/draft.ts';

/** What of a campaign decides who gets what, and when. */
export type Plan = Pick<
  CampaignRow,
  | 'kind'
  | 'channel'
  | 'fallback'
  | 'body'
  | 'filter'
  | 'customer_ids'
  | 'address'
  | 'scheduled_at'
  | 'obeys_quiet_hours'
>;

export interface Moment {
  readonly now: Date;
  /** base of the address where somebody says no */
  readonly publicUrl: string;
  /** whoever became a customer later is left out: what was looked at then is what is meant */
  readonly seenAt?: Date | undefined;
}
