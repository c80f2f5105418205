/** Ends the request with a page of this status. `reason` is a key below `web.error.reason`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: ErrorStatus;
  readonly reason: string | undefined;
  /** seconds, for 429 */
  readonly retryAfter: number | undefined;

  constructor(status: ErrorStatus, reason?: string, retryAfter?: number) {
    super(reason ? `${status} ${reason}` : String(status));
    this.status = status;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

export const ERROR_STATUSES = [400, 403, 404, 409, 413, 415, 422, 429, 500, 503] as const;
export type ErrorStatus = (typeof ERROR_STATUSES)[number];
