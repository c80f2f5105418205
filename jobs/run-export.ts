import * as exports from '../src/exports/exports.ts';
import type { Handler } from './handler.ts';

export const runExport: Handler<'export.run'> = {
  run: ({ services, company, payload, signal }) => exports.run(services, company, payload.exportId, signal),
  givenUp: ({ services, company, payload }, reason) => exports.fail(services, company, payload.exportId, reason),
};
