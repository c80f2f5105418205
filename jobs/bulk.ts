import * as bulk from '../src/bulk/bulk.ts';
import type { Handler } from './handler.ts';

export const runBulk: Handler<'bulk.run'> = {
  run: ({ services, company, payload, signal }) => bulk.run(services, company, payload.bulkId, signal),
  givenUp: ({ services, company, payload }) => bulk.fail(services, company, payload.bulkId),
};

export const undoBulk: Handler<'bulk.undo'> = {
  run: ({ services, company, payload, signal }) => bulk.runUndo(services, company, payload.bulkId, signal),
  givenUp: ({ services, company, payload }) => bulk.fail(services, company, payload.bulkId),
};

export const forgetBulks: Handler<'bulk.forget'> = {
  run: ({ services, signal }) => bulk.forget(services, signal),
};
