import type { Writable } from 'node:stream';
import pg from 'pg';
import type { Sql } from '../../../src/platform/db.ts';

/** Streams what `COPY … TO STDOUT` sends, and answers the number of rows. */
export function copyOut(client: pg.Client, text: string, out: Writable): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    client.query({
      submit: (connection: pg.Connection) => {
        connection.query(text);
        out.on('drain', () => connection.stream.resume());
      },
      handleCopyData: ({ chunk }: { chunk: Buffer }, connection: pg.Connection) => {
        if (!out.write(chunk)) connection.stream.pause();
      },
      handleCommandComplete: ({ text: tag }: { text: string }) => {
        rows = Number(tag.split(' ')[1]);
      },
      handleReadyForQuery: () => resolve(rows),
      handleError: reject,
    } as pg.Submittable);
  });
}

/** `COPY` takes no parameters: the values are written into the text. */
export function withLiterals({ text, values }: Sql): string {
  return text.replace(/\$(\d+)/g, (_, place: string) => literal(values[Number(place) - 1]));
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]`;
  return value === null ? 'null' : pg.escapeLiteral(String(value));
}
