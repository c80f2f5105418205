import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address where nobody has any business: whoever calls it was made to by what an attacker wrote. */
export interface Listener {
  url: string;
  /** what called, besides the tool itself that asks for its results */
  calls: string[];
  close(): Promise<void>;
}

export async function openListener(): Promise<Listener> {
  const calls: string[] = [];
  const server = createServer((req, res) => {
    const asksForResults = /^\/get_(?:ssrf|xxe)\.php/.test(req.url ?? '');
    if (!asksForResults && req.url !== '/') calls.push(`${req.method} ${req.url}`);
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
