import * as imports from '../src/imports/imports.ts';
import type { Handler } from './handler.ts';

export const checkImport: Handler<'import.check'> = {
  run: ({ services, company, payload, signal }) => imports.check(services, company, payload.importId, signal),
  givenUp: ({ services, company, payload }) => imports.fail(services, company, payload.importId),
};

export const runImport: Handler<'import.run'> = {
  run: ({ services, company, payload, signal }) => imports.run(services, company, payload.importId, signal),
  givenUp: ({ services, company, payload }) => imports.fail(services, company, payload.importId),
};

export const expireImports: Handler<'imports.expire'> = {
  run: ({ services }) => imports.expire(services),
};
