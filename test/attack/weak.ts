import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestApp } from '../make.ts';

/** A page with the holes that the tools look for: one that finds nothing here is blind, and its silence about us says nothing. */
export async function openWeak({ database }: TestApp): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const [pathname, query] = (req.url ?? '/').split('?', 2);
    const searchParams = new URLSearchParams(query);
    const html = (body: string, status = 200) => res.writeHead(status, { 'content-type': 'text/html' }).end(body);
    if (pathname === '/.env') return html('SESSION_SECRET=x');
    if (pathname === '/echo') return html(`<html><body>${searchParams.get('q')}</body></html>`);
    if (pathname !== '/item') return html('<a href="/item?id=1">1</a><a href="/echo?q=a">a</a>');
    const text = `select id, name from company where slug = 'zatyshok' and 1 = ${searchParams.get('id')}`;
    database.pool.query<{ name: string }>(text).then(
      // Several statements at once bring several results: that too is a hole.
      (found) => {
        const rows = [found].flat().flatMap((each) => each?.rows ?? []);
        html(`<p>${rows.map((row) => row.name).join() || 'nothing'}</p>`);
      },
      (error: Error) => html(`PostgreSQL query failed: ERROR: ${error.message}`, 500),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
