// Prisma: no connection to be had or kept, a transaction that waited or ran too long, or one that gave way to another.
const PRISMA = /^P(?:1001|1002|1008|1011|1017|2024|2028|2034|2037)$/;
// PostgreSQL: connection lost, too many connections, shutting down or starting, deadlock, serialisation, statement cancelled.
const POSTGRES = /^(?:08\w{3}|53\w{3}|57P0\d|57014|40001|40P01|55P03)$/;
const SOCKET = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

interface Failure {
  code?: unknown;
  originalCode?: unknown;
  cause?: unknown;
}

/** Whether the database was not to be had, so that the same again may do later. Looks through what wraps the first error. */
export function isOutage(error: unknown): boolean {
  for (let each = error, depth = 0; isFailure(each) && depth < 8; each = each.cause, depth++) {
    if ([each.code, each.originalCode].some(isOutageCode)) return true;
  }
  return false;
}

const isFailure = (value: unknown): value is Failure => typeof value === 'object' && value !== null;

const isOutageCode = (code: unknown) =>
  typeof code === 'string' && (PRISMA.test(code) || POSTGRES.test(code) || SOCKET.test(code));
