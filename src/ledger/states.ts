/** What a delivery can be; DESIGN §8 and the table's trigger say which follows which. */
export const STATES = [
  'planned',
  'claimed',
  'calling',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'skipped',
  'unknown',
] as const;

/** Why a call is unknown whose worker was not heard of any more: that says nothing about the provider. */
export const LAPSED = 'nobody told the end of the call';

export type State = (typeof STATES)[number];

export type Channel = 'sms' | 'viber' | 'messenger';
