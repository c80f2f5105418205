import { connect } from 'node:net';

export interface Poured {
  /** 0: it was cut off without one */
  status: number;
  /** milliseconds until the answer began; null: there was none */
  answered: number | null;
  /** bytes that were taken from us before it */
  before: number;
  /** … and after it, until the connection was cut or nothing was taken any more */
  after: number;
}

/** What is sent: a head, then the same piece again and again, as long as the server takes it and no more than `bytes` in all. */
export interface Flood {
  head: string;
  piece: Buffer;
  bytes: number;
  /** what follows the last piece, where it gets so far */
  end?: string;
}

const LONGEST = 60_000;
const QUIET = 7000;

export function pour(port: number, { head, piece, bytes, end = '' }: Flood): Promise<Poured> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    const start = performance.now();
    const poured: Poured = { status: 0, answered: null, before: 0, after: 0 };
    let answer = '';
    let left = bytes;
    const taken = () => socket.bytesWritten - socket.writableLength;
    const over = () => {
      clearTimeout(longest);
      clearTimeout(quiet);
      socket.destroy();
      if (poured.answered === null) poured.before = taken();
      done({ ...poured, after: taken() - poured.before });
    };
    const longest = setTimeout(over, LONGEST);
    // Answered, and everything was said: nobody waits for the server to hang up.
    let quiet: NodeJS.Timeout | undefined;
    const more = () => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
      if (left <= 0 && left > Number.NEGATIVE_INFINITY) {
        left = Number.NEGATIVE_INFINITY;
        if (end !== '') socket.write(end);
      }
    };
    socket.on('data', (data: Buffer) => {
      if (poured.answered === null) {
        poured.answered = Math.round(performance.now() - start);
        poured.before = taken();
        quiet = setTimeout(over, left > 0 ? QUIET : 50);
      }
      if (answer.length < 100) answer += data.toString('latin1');
      poured.status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
    });
    socket.on('drain', more);
    socket.on('error', () => {});
    socket.once('close', over);
    socket.write(head, more);
  });
}
