/** Whether this is the system's or the database's error of that code (`ENOENT`, `23505`). */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

/** Whether there was no room for what was to be written: the disk is full, or as full as it may get. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].some((code) => hasCode(error, code));
}

interface Failure {
  code?: unknown;
  originalCode?: unknown;
  cause?: unknown;
  meta?: unknown;
  driverAdapterError?: unknown;
}

/** The codes of an error and of everything it wraps, from outside in: Prisma's own, PostgreSQL's, the socket's. */
export function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let each = error, depth = 0; isFailure(each) && depth < 8; each = within(each), depth++) {
    codes.push(...[each.code, each.originalCode].filter((code) => typeof code === 'string'));
  }
  return codes;
}

const isFailure = (value: unknown): value is Failure => typeof value === 'object' && value !== null;

// A raw query that fails carries PostgreSQL's error in its `meta`, not as its cause.
const within = ({ cause, driverAdapterError, meta }: Failure) => cause ?? driverAdapterError ?? meta;

/** Whether the error carries that status of an HTTP answer. */
export function hasStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === status;
}
