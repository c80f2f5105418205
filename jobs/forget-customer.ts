import * as forgetting from '../src/forgetting/forgetting.ts';
import type { Handler } from './handler.ts';

export const forgetCustomer: Handler<'customer.forget'> = {
  run: ({ services, company, payload, signal }) => forgetting.run(services, company, payload.erasureId, signal),
};
