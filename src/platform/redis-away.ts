/** Whether Redis was not to be had. Told by the error's name: where there is no Redis, its client is not even loaded. */
export const isRedisAway = (error: unknown): boolean => error instanceof Error && AWAY.has(error.constructor.name);

// Errors of the client itself carry no code, unlike those of the socket.
const NAMES: readonly (keyof typeof import('redis'))[] = [
  'ClientOfflineError',
  'ClientClosedError',
  'ConnectionTimeoutError',
  'DisconnectsClientError',
  'SocketClosedUnexpectedlyError',
];
const AWAY = new Set<string>(NAMES);
