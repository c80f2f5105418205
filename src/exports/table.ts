import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Where a table is written to. */
export interface Out {
  readonly sink: Writable;
  /** Aborted, with the reason, when nobody reads the sink any more: whoever waits for room would wait for ever. */
  readonly broken: AbortSignal;
}

/** A file in the making. Each verb resolves when there is room for more. */
export interface Table<Row> {
  add(rows: readonly Row[]): Promise<void>;
  /** Ends the sink. */
  end(): Promise<void>;
}

/** Resolves when the stream, told to wait, may be written to again. */
export async function drained(stream: Writable, broken: AbortSignal): Promise<void> {
  await once(stream, 'drain', { signal: broken });
}
