import { clearNumbers } from '../src/identity/identity.ts';
import type { Handler } from './handler.ts';

export const readNumbers: Handler<'numbers.read'> = {
  run: ({ services, company, signal }) => clearNumbers(services.tenancy, company, signal),
};
