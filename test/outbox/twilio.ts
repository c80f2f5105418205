import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One message as Twilio was asked to send it. */
export interface Asked {
  path: string;
  account: string;
  to: string;
  from: string | null;
  service: string | null;
  body: string;
}

export type Answer = (res: ServerResponse, sid: string) => void;

export interface TestTwilio {
  url: string;
  /** in the order they came, answered or not */
  asked: Asked[];
  /** How the next ones are answered; null: accepted. */
  answer(how: Answer | null): void;
  close(): Promise<void>;
}

/** A stand-in for Twilio's API on this machine: it writes down every message before it answers. */
export async function startTwilio(): Promise<TestTwilio> {
  const asked: Asked[] = [];
  let how: Answer | null = null;
  const server = createServer(async (req, res) => {
    asked.push(await read(req));
    (how ?? accept)(res, `SM${String(asked.length).padStart(32, '0')}`);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (wanted) => {
      how = wanted;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function read(req: IncomingMessage): Promise<Asked> {
  const form = new URLSearchParams(await text(req));
  const basic = Buffer.from(String(req.headers.authorization).replace('Basic ', ''), 'base64').toString();
  const [to, from, service, body] = ['To', 'From', 'MessagingServiceSid', 'Body'].map((name) => form.get(name));
  const common = { path: String(req.url), account: basic.split(':')[0] ?? '' };
  return { ...common, to: to ?? '', from: from ?? null, service: service ?? null, body: body ?? '' };
}

const json = (res: ServerResponse, status: number, body: object, headers: Record<string, string> = {}) =>
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

export const accept: Answer = (res, sid) => json(res, 201, { sid, status: 'queued' });

export const refuse =
  (status: number, code: number, message: string, headers: Record<string, string> = {}): Answer =>
  (res) =>
    json(res, status, { status, code, message }, headers);

/** Accepted, but the answer never arrives whole. */
export const cut: Answer = (res) => void res.socket?.destroy();

export const nonsense: Answer = (res) =>
  void res.writeHead(201, { 'Content-Type': 'application/json' }).end('{"sid": "SM');
