import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLeaving } from './leaving.ts';

export interface Listener {
  /**
   * After `beginLeaving`: goes on answering for so many seconds, so that whoever sends requests here notices that it should not, then takes
   * no new connection, and resolves when the last request is answered.
   */
  leave(graceSeconds: number): Promise<void>;
}

/** Serves at the port. Rejects with the system's error where it cannot be had. */
export function openListener(answer: RequestListener, port: number): Promise<Listener> {
  const running = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const server = createServer((req, res) => {
    running.add(res);
    res.once('close', () => {
      running.delete(res);
      // Its head may have promised to keep the connection before we knew better.
      if (!server.listening) setImmediate(() => closeIdle(server, sockets));
    });
    if (isLeaving()) sayLast(res);
    answer(req, res);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Whoever sends slower than this holds a connection that others need.
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  // Longer than balancers keep a connection that is idle: the one who closes it must not be the one who is about to be asked.
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve({ leave: (graceSeconds) => leave(server, running, sockets, graceSeconds) }));
  });
}

async function leave(
  server: Server,
  running: ReadonlySet<ServerResponse>,
  sockets: ReadonlySet<Socket>,
  graceSeconds: number,
): Promise<void> {
  for (const res of running) sayLast(res);
  if (graceSeconds > 0) await sleep(graceSeconds * 1000);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    closeIdle(server, sockets);
  });
}

function sayLast(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}

/** Browsers open connections before they need them: one that has never brought anything does not count as idle to Node. */
function closeIdle(server: Server, sockets: ReadonlySet<Socket>): void {
  server.closeIdleConnections();
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
