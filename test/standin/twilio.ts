import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRandom } from '../../src/demo/random.ts';
import { between, type Fate, fateOf, isTaken, type Knobs, QUIET } from './knobs.ts';
import { resource, type Taken } from './messages.ts';
import { tell, telling } from './tell.ts';

export interface Options {
  /** signs what it tells; the account's token */
  token: string;
  knobs?: Partial<Knobs>;
  /** a file that has a line for every message before its create is answered */
  journal?: string;
  port?: number;
}

export interface Standin {
  url: string;
  /** every message it took, in the order they came, whatever was answered */
  taken: readonly Taken[];
  /** who wrote in, with which words, and when that was acknowledged */
  heard: readonly Heard[];
  /** how many creates it was asked for, taken or not */
  asked(): number;
  /** every create it was asked for, in the order they came */
  asks: readonly Ask[];
  /** how many callbacks it has told, and how many of them were not answered with 2xx */
  told(): { callbacks: number; refused: number };
  turn(knobs: Partial<Knobs>): void;
  /** Somebody writes from `from` to `to`: to the inbound webhook at `url`. Answers its HTTP status. */
  write(url: string, inbound: { from: string; to: string; body: string; sid?: string }): Promise<number>;
  /** Resolves when everything that was to be told has been. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface Ask {
  /** milliseconds, by this process's clock: when it came, and when it was answered */
  at: number;
  answeredAt: number | null;
  fate: Fate;
  to: string;
}

export interface Heard {
  from: string;
  body: string;
  at: Date;
}

/** A stand-in for Twilio's Messages API on this machine, for tests and the demo. Its journal is the truth. */
export async function startStandin({ token, knobs: given = {}, journal, port = 0 }: Options): Promise<Standin> {
  let knobs: Knobs = { ...QUIET, ...given };
  // What one before it has told a database that is kept, it does not tell again.
  const born = Date.now().toString(16).padStart(12, '0');
  let random = openRandom(knobs.seed).next;
  let asked = 0;
  let inbound = 0;
  const told = { callbacks: 0, refused: 0 };
  const taken: Taken[] = [];
  const heard: Heard[] = [];
  const asks: Ask[] = [];
  const bySid = new Map<string, Taken>();
  const byNumber = new Map<string, Taken[]>();
  const file = journal === undefined ? null : openSync(journal, 'a');
  const queue = telling(32);
  const server = createServer((req, res) => void answer(req, res));
  server.keepAliveTimeout = 60_000;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const [, account = '', sid] =
      /^\/2010-04-01\/Accounts\/(\w+)\/Messages(?:\/(\w+))?\.json$/.exec(url.pathname) ?? [];
    if (account === '') return json(res, 404, { code: 20404, message: 'not found', status: 404 });
    if (req.method === 'POST') return create(account, new URLSearchParams(await text(req)), res);
    if (sid !== undefined) return one(account, sid, res);
    list(account, url.searchParams, res);
  }

  async function create(account: string, form: URLSearchParams, res: ServerResponse): Promise<void> {
    asked++;
    const fate = fateOf(knobs, random);
    const ask: Ask = { at: performance.now(), answeredAt: null, fate, to: form.get('To') ?? '' };
    asks.push(ask);
    const waits = between(knobs.latency, random);
    const message = isTaken(fate) ? take(form) : null;
    if (waits > 0) await sleep(waits);
    if (message && random() < knobs.callbacks.early) await tellAll(message, 0);
    else if (message) later(message);
    ask.answeredAt = performance.now();
    reply(res, fate, message, account, knobs);
  }

  function take(form: URLSearchParams): Taken {
    const message: Taken = {
      sid: `SM${born}${String(taken.length + 1).padStart(20, '0')}`,
      to: form.get('To') ?? '',
      from: form.get('From'),
      service: form.get('MessagingServiceSid'),
      body: form.get('Body') ?? '',
      callback: form.get('StatusCallback'),
      at: new Date(),
      final: random() < knobs.callbacks.undelivered ? 'undelivered' : 'delivered',
      status: 'queued',
    };
    if (file !== null) {
      writeSync(file, `${JSON.stringify(message)}\n`);
      fsyncSync(file);
    }
    taken.push(message);
    bySid.set(message.sid, message);
    byNumber.set(message.to, [...(byNumber.get(message.to) ?? []), message]);
    return message;
  }

  function later(message: Taken): void {
    const delay = between(knobs.callbacks.delay, random);
    queue.after(delay, () => tellAll(message, delay));
  }

  /** Everything that becomes of it, as often and in the order that the knobs want. */
  async function tellAll(message: Taken, spread: number): Promise<void> {
    const { copies, shuffled, lost } = knobs.callbacks;
    const words = ['sent', message.final].flatMap((word) =>
      Array<string>(Math.round(between(copies, random))).fill(word),
    );
    message.status = message.final;
    if (message.callback === null || random() < lost) return;
    if (shuffled) words.sort(() => random() - 0.5);
    for (const word of words) {
      if (shuffled && spread > 0) await sleep(random() * spread);
      const status = await tell(message.callback, statusFields(message, word), token);
      told.callbacks++;
      if (status < 200 || status >= 300) told.refused++;
    }
  }

  function one(account: string, sid: string, res: ServerResponse): void {
    const message = bySid.get(sid);
    if (message) json(res, 200, resource(message, account));
    else json(res, 404, { code: 20404, message: `no message ${sid}`, status: 404 });
  }

  function list(account: string, query: URLSearchParams, res: ServerResponse): void {
    const since = new Date(query.get('DateSent>') ?? 0);
    const found = (byNumber.get(query.get('To') ?? '') ?? []).filter(({ at }) => at >= since);
    const messages = found.toReversed().map((message) => resource(message, account));
    json(res, 200, {
      messages,
      page: 0,
      page_size: 1000,
      next_page_uri: null,
      uri: '',
      start: 0,
      end: messages.length,
    });
  }

  await new Promise<void>((done) => {
    server.listen(port, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    heard,
    asks,
    asked: () => asked,
    told: () => ({ ...told }),
    turn: (more) => {
      knobs = { ...knobs, ...more };
      random = openRandom(knobs.seed + asked).next;
    },
    write: async (url, { from, to, body, sid = `SMin${String(++inbound).padStart(30, '0')}` }) => {
      const fields = { MessageSid: sid, SmsSid: sid, From: from, To: to, Body: body, NumMedia: '0', NumSegments: '1' };
      const status = await tell(url, fields, token);
      if (status === 200) heard.push({ from, body, at: new Date() });
      return status;
    },
    settled: () => queue.settled(),
    close: async () => {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      if (file !== null) closeSync(file);
    },
  };
}

export const statusFields = (message: Pick<Taken, 'sid' | 'to' | 'from' | 'status'>, word: string) => ({
  MessageSid: message.sid,
  SmsSid: message.sid,
  MessageStatus: word,
  SmsStatus: word,
  To: message.to,
  From: message.from ?? '',
  ...(word === 'undelivered' ? { ErrorCode: '30003' } : {}),
});

function reply(res: ServerResponse, fate: Fate, message: Taken | null, account: string, knobs: Knobs): void {
  const answers: Record<Fate, () => void> = {
    tooMany: () => problem(res, 429, 20429, { 'Retry-After': String(knobs.retryAfterSeconds) }),
    refused: () => problem(res, 400, knobs.refusedCode),
    errorBefore: () => problem(res, 500, 20500),
    errorAfter: () => problem(res, 500, 20500),
    hang: () => {},
    cut: () => res.writeHead(201, { ...JSON_TYPE, 'Content-Length': 1000 }).write('{"sid":', () => res.destroy()),
    garbled: () => res.writeHead(201, JSON_TYPE).end('{"sid": "SM'),
    fine: () => message && json(res, 201, { ...resource(message, account), error_code: null }),
  };
  answers[fate]();
}

const problem = (res: ServerResponse, status: number, code: number, headers: Record<string, string> = {}): void =>
  json(res, status, { code, message: `refused with ${code}`, more_info: '', status }, headers);

const JSON_TYPE = { 'Content-Type': 'application/json' };

const json = (res: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void =>
  void res.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
