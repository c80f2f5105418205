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

export type State = (typeof STATES)[number];

export type Channel = 'sms' | 'viber' | 'messenger';
