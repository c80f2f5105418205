/** Every status an order can have, as the API takes it. */
export const ORDER_STATUSES = [
  'new',
  'processing',
  'paid',
  'shipped',
  'completed',
  'cancelled',
  'rejected',
  'returned',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];
