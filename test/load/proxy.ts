import { Agent, createServer, get, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several web processes: requests in turn to those whose `/readyz` says 200. Nothing is sent twice. */
export interface Front {
  port: number;
  /** how many requests went to each, in the order of the ports */
  passed(): readonly number[];
  /** what went wrong between it and the web processes */
  failures(): readonly string[];
  isUp(port: number): boolean;
  close(): Promise<void>;
}

interface Backend {
  port: number;
  agent: Agent;
  up: boolean;
  /** how many times in a row it did not say that it is ready */
  fallen: number;
  passed: number;
}

// As balancers do: one that is slow once is not gone.
const FALLS = 3;

const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

export async function startProxy(
  ports: readonly number[],
  { port = 0, pollMilliseconds = 200 }: { port?: number; pollMilliseconds?: number } = {},
): Promise<Front> {
  const backends: Backend[] = ports.map((port) => ({
    ...{ port, up: false, fallen: 0, passed: 0 },
    agent: new Agent({ keepAlive: true, maxSockets: 512 }),
  }));
  const failures: string[] = [];
  let turn = 0;

  const server = createServer((req, res) => {
    const up = backends.filter((backend) => backend.up);
    const backend = up[turn++ % Math.max(1, up.length)];
    if (backend) pass(backend, req, res, failures);
    else fail(res, failures, 'no web process is ready');
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((done) => {
    server.listen(port, '127.0.0.1', done);
  });
  const look = () => Promise.all(backends.map(lookAt));
  await look();
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    await look();
    looking = false;
  }, pollMilliseconds);
  return {
    port: (server.address() as AddressInfo).port,
    passed: () => backends.map(({ passed }) => passed),
    failures: () => failures,
    isUp: (port) => backends.find((backend) => backend.port === port)?.up ?? false,
    close: async () => {
      clearInterval(timer);
      for (const { agent } of backends) agent.destroy();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

function pass(backend: Backend, req: IncomingMessage, res: ServerResponse, failures: string[]): void {
  const { port, agent } = backend;
  backend.passed++;
  const headers = Object.fromEntries(Object.entries(req.headers).filter(([name]) => name !== 'connection'));
  const onward = request({ host: '127.0.0.1', port, agent, method: req.method, path: req.url, headers }, (answer) => {
    const kept = Object.entries(answer.headers).filter(([name, value]) => !HOP.has(name) && value !== undefined);
    res.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
    answer.on('error', () => res.destroy());
    answer.pipe(res);
  });
  onward.on('error', (error) => fail(res, failures, `${req.method} ${req.url} to ${port}: ${error.message}`));
  res.on('close', () => {
    if (!res.writableFinished) onward.destroy();
  });
  req.pipe(onward);
}

/** The one who asked may be gone already, and be the reason. */
function fail(res: ServerResponse, failures: string[], reason: string): void {
  if (res.destroyed) return;
  failures.push(reason);
  if (res.headersSent) res.destroy();
  else res.writeHead(502, { 'content-type': 'text/plain' }).end(`${reason}\n`);
}

async function lookAt(backend: Backend): Promise<void> {
  const ready = await isReady(backend.port);
  backend.fallen = ready ? 0 : backend.fallen + 1;
  if (ready || backend.fallen >= FALLS) backend.up = ready;
}

function isReady(port: number): Promise<boolean> {
  return new Promise((done) => {
    const asked = get({ host: '127.0.0.1', port, path: '/readyz', timeout: 10_000, agent: false });
    asked.on('response', (answer) => {
      answer.resume();
      done(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => done(false));
  });
}
