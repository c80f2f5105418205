/** What a review says of a customer, in one word for filters and figures; its words are `reviews.reason.<code>`. */
export const REASONS = {
  positive: ['good_buyer', 'pays_promptly', 'collects_parcels', 'large_orders', 'polite', 'other_good'],
  neutral: ['changes_orders', 'answers_slowly', 'demanding', 'other_neutral'],
  negative: ['refused_parcel', 'fraud', 'unpaid', 'abuse', 'false_claims', 'false_data', 'damaged_return', 'other_bad'],
} as const;

export type Sentiment = keyof typeof REASONS;
export type Reason = (typeof REASONS)[Sentiment][number];

export const SENTIMENTS = Object.keys(REASONS) as Sentiment[];

/** Whether a reason belongs to the sentiment: nobody is praised for fraud. */
export const fits = (sentiment: Sentiment, reason: string): reason is Reason =>
  (REASONS[sentiment] as readonly string[]).includes(reason);
