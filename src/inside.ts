import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import session, { type SessionData } from 'express-session';
import { makeApp } from './app.ts';
import { routes } from './routes.ts';
import { type Inside, SECRET_HEADER, type SignedIn } from './walls/walls.ts';
import type { Route } from './web/context.ts';
import type { Services } from './web/services.ts';
import { isSecure } from './web/session.ts';

/**
 * The portal as it is, on a port of this machine's loopback, with sessions that live in this process alone. Nothing of it is counted
 * among the requests of people, and nothing throttled: who does not bring the secret is answered 404 before anything is read, whatever
 * was asked, also by somebody of this machine. `table`: its addresses.
 */
export async function openInside(services: Services, table: readonly Route[] = routes): Promise<Inside> {
  const sessions = new SessionsOfThisProcess();
  const app = makeApp(services, { store: sessions, close: async () => {} }, { table, counted: false });
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((req, res) => (brings(req, secret) ? app(req, res) : void res.writeHead(404).end()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    secret,
    routes: table,
    signIn: async (who) => sessions.begin(services, who),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function brings({ headers }: IncomingMessage, secret: string): boolean {
  const [given, wanted] = [Buffer.from(String(headers[SECRET_HEADER] ?? '')), Buffer.from(secret)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const HOUR = 60 * 60 * 1000;

class SessionsOfThisProcess extends session.Store {
  readonly #kept = new Map<string, string>();

  /** Answers the cookie. */
  begin({ config, secrets, clock }: Services, who: SignedIn): string {
    const id = randomBytes(24).toString('base64url');
    const now = clock().getTime();
    const cookie = { originalMaxAge: HOUR, expires: new Date(Date.now() + HOUR), httpOnly: true, path: '/' };
    this.#kept.set(id, JSON.stringify({ ...who, cookie, renewedAt: now }));
    const seal = createHmac('sha256', secrets.sessionSecret).update(id).digest('base64').replace(/=+$/, '');
    return `${isSecure(config.publicUrl) ? '__Host-session' : 'session'}=${encodeURIComponent(`s:${id}.${seal}`)}`;
  }

  override get(id: string, done: (error: unknown, found?: SessionData | null) => void): void {
    const kept = this.#kept.get(id);
    done(null, kept === undefined ? null : JSON.parse(kept));
  }

  override set(id: string, data: SessionData, done?: (error?: unknown) => void): void {
    this.#kept.set(id, JSON.stringify(data));
    done?.();
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.#kept.delete(id);
    done?.();
  }
}
