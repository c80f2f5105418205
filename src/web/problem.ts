import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/** Answers with a problem document (RFC 9457). `detail` says what was wrong in one sentence; `extra` are further members. */
export function problem(
  res: Response,
  status: number,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const title = STATUS_CODES[status] ?? 'Error';
  res.status(status).type('application/problem+json').set('Cache-Control', 'no-store');
  res.send(JSON.stringify({ type: 'about:blank', title, status, detail, ...extra }));
}
