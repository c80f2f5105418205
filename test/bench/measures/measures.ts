import type { Measure } from '../stage.ts';
import { buffers } from './buffers.ts';
import { exporting } from './exports.ts';
import { ingest } from './ingest.ts';
import { customer, deep, filter, jump, list, search } from './lists.ts';

/** In the order of the table: what reads comes before what writes. */
export const measures: Readonly<Record<string, Measure>> = {
  list,
  buffers,
  search,
  deep,
  jump,
  filter,
  customer,
  export: exporting,
  ingest,
};
