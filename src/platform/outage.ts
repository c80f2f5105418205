import { codesOf } from './errors.ts';
import { isRedisAway } from './redis-away.ts';

// Prisma: no connection to be had or kept, a transaction that waited or ran too long, or one that gave way to another.
const PRISMA = /^P(?:1001|1002|1008|1011|1017|2024|2028|2034|2037)$/;
// PostgreSQL: connection lost, too many connections, shutting down or starting, deadlock, serialisation, statement cancelled.
const POSTGRES = /^(?:08\w{3}|53\w{3}|57P0\d|57014|40001|40P01|55P03)$/;
const SOCKET = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** Whether the database or Redis was not to be had, so that the same again may do later. Looks through what wraps the first error. */
export function isOutage(error: unknown): boolean {
  if (isRedisAway(error)) return true;
  return codesOf(error).some((code) => PRISMA.test(code) || POSTGRES.test(code) || SOCKET.test(code));
}
