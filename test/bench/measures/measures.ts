import type { Measure } from '../stage.ts';
import { ingest } from './ingest.ts';

/** In the order of the table: what reads comes before what writes. */
export const measures: Readonly<Record<string, Measure>> = { ingest };
