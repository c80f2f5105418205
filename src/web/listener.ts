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

/** How long a connection may take, in milliseconds: whoever is slower holds what others need. */
export interface Patience {
  /** until all headers are there */
  headers: number;
  /** until the whole request is */
  request: number;
  /** without a byte in either direction, as where nobody reads the answer */
  silence: number;
  /** between two requests; longer than balancers keep a connection: the one who closes it must not be the one who is about to be asked */
  idle: number;
  /** how often the first two are looked at */
  check: number;
}

const USUAL: Patience = { headers: 15_000, request: 60_000, silence: 90_000, idle: 65_000, check: 2000 };

/** Serves at the port. Rejects with the system's error where it cannot be had. */
export function openListener(answer: RequestListener, port: number, patience = USUAL): Promise<Listener> {
  const running = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const server = createServer({ connectionsCheckingInterval: patience.check }, (req, res) => {
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
  server.headersTimeout = patience.headers;
  server.requestTimeout = patience.request;
  server.keepAliveTimeout = patience.idle;
  server.timeout = patience.silence;
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
