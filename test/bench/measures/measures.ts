import type { Measure } from '../stage.ts';
import { buffers } from './buffers.ts';
import { bulk } from './bulk.ts';
import { exporting } from './exports.ts';
import { importing } from './imports.ts';
import { ingest } from './ingest.ts';
import { jobs } from './jobs/jobs.ts';
import { customer, deep, filter, jump, list, search } from './lists.ts';
import { pages } from './pages.ts';
import { rest } from './rest.ts';
import { reviews } from './reviews.ts';
import { segments } from './segments.ts';
import { sms } from './sms/sms.ts';

/** In the order of the table: what reads comes before what writes. */
export const measures: Readonly<Record<string, Measure>> = {
  list,
  buffers,
  search,
  deep,
  jump,
  filter,
  segments,
  customer,
  reviews,
  pages,
  export: exporting,
  bulk,
  ingest,
  import: importing,
  jobs,
  rest,
  // It ends the portal of the others, which has no provider of SMS.
  sms,
};
