import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

type More = Readonly<Record<string, unknown>>;

/** Answers with a problem document (RFC 9457). `detail` says what was wrong in one sentence; `more` are further members. */
export function problem(res: Response, status: number, detail: string, more: More = {}): void {
  const title = STATUS_CODES[status] ?? 'Error';
  res.status(status).type('application/problem+json').set('Cache-Control', 'no-store');
  res.send(JSON.stringify({ type: 'about:blank', title, status, detail, ...more }));
}

/** Ends a call of the API with a problem document. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly more: More;

  constructor(status: number, detail: string, more: More = {}) {
    super(detail);
    this.status = status;
    this.more = more;
  }
}
