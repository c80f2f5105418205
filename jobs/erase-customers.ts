import { expireDeleted } from '../src/customers/customers.ts';
import type { Handler } from './handler.ts';

/** Who was deleted 30 days ago is forgotten. */
export const eraseCustomers: Handler<'customers.erase'> = {
  run: ({ services }) => expireDeleted(services),
};
