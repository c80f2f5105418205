import { type Logger, symbols } from 'pino';
import { log, requestLines } from '../../src/platform/log.ts';

/** What the program would write to its log from now on, line by line; it is silent in tests otherwise. */
export function listenToLog(): { lines: string[]; entries(): Record<string, unknown>[] } {
  const lines: string[] = [];
  for (const logger of [log, requestLines]) {
    streamOf(logger).write = (line) => void lines.push(line);
    logger.level = 'info';
  }
  return { lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const streamOf = (logger: Logger) =>
  (logger as unknown as Record<symbol, { write(line: string): void }>)[symbols.streamSym] as {
    write(line: string): void;
  };
