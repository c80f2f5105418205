import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attacker } from './people.ts';

/** A door of this machine to the portal, through which a program walks as somebody who is signed in. */
export interface Gate {
  url: string;
  close(): Promise<void>;
}

/** What would end the session, or the person: nobody who attacks is to throw themselves out. */
const SHUT = [
  /^\/logout$/,
  /^\/profile\/password/,
  /^\/profile\/sessions/,
  /^\/profile\/security/,
  /^\/about-me\/departure$/,
];

/** Puts on whoever walks through what opens the door to them, and keeps the few addresses shut that would lock it. */
export async function openGate(attacker: Attacker): Promise<Gate> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const server = createServer((req, res) => pass(req, res, attacker, agent));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function pass(req: IncomingMessage, res: ServerResponse, { site, headers }: Attacker, agent: Agent): void {
  const path = req.url ?? '/';
  if (SHUT.some((shut) => shut.test(path.split('?')[0] ?? ''))) return void res.writeHead(404).end();
  const { host: _, origin: __, ...asked } = req.headers;
  const options = { host: '127.0.0.1', port: site.port, agent, method: req.method, path };
  const sent = request({ ...options, headers: { ...asked, ...headers, host: `127.0.0.1:${site.port}` } }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
    answer.on('error', () => res.destroy());
  });
  sent.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
  req.pipe(sent);
}
