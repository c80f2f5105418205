/** What of a customer can change; its words are `customers.history.field.<field>`. */
export const FIELDS = [
  'name',
  'gender',
  'region',
  'phones',
  'emails',
  'otherChannels',
  'note',
  'tags',
  'customer',
  'contact',
  'order',
] as const;

/** Texts as a person reads them; phones as E.164, gender as `female` or `male`; several values as a list; null: nothing. */
export type Value = string | readonly string[] | null;

export interface Difference {
  field: (typeof FIELDS)[number];
  before: Value;
  after: Value;
}
