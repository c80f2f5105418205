import { createClient } from 'redis';
import { log } from './log.ts';

/** A connection that finds Redis whenever it comes, and refuses at once while it is away. `user` names it in the log. */
export function openRedis(url: string, user: string) {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on('error', (error: Error) => log.warn({ err: error }, `${user}: no Redis`));
  client.connect().catch((error: unknown) => log.warn({ err: error }, `${user}: gave Redis up`));
  return client;
}
