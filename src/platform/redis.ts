import {
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  createClient,
  DisconnectsClientError,
  SocketClosedUnexpectedlyError,
} from 'redis';
import { log } from './log.ts';

/** A connection that finds Redis whenever it comes, and refuses at once while it is away. `user` names it in the log. */
export function openRedis(url: string, user: string) {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on('error', (error: Error) => log.warn({ err: error }, `${user}: no Redis`));
  client.connect().catch((error: unknown) => log.warn({ err: error }, `${user}: gave Redis up`));
  return client;
}

// Errors of the client itself carry no code, unlike those of the socket.
const AWAY = [
  ClientOfflineError,
  ClientClosedError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  SocketClosedUnexpectedlyError,
];

/** Whether Redis was not to be had. */
export const isRedisAway = (error: unknown): boolean => AWAY.some((kind) => error instanceof kind);
