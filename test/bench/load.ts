import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Site {
  readonly port: number;
  /** kept alive; as many as there are clients */
  readonly agent: Agent;
  readonly headers: Record<string, string>;
}

/** `from`: the address of this machine that it is asked from */
export function site(port: number, headers: Record<string, string> = {}, from?: string): Site {
  const address = from === undefined ? {} : { localAddress: from };
  return { port, agent: new Agent({ keepAlive: true, maxSockets: 32, ...address }), headers };
}

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** 60 unless said otherwise */
  seconds?: number;
}

/** One call, to the last byte of its answer. Bounded. */
export function call({ port, agent, headers }: Site, path: string, given: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', body, seconds = 60 } = given;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = {
      host: '127.0.0.1',
      port,
      agent,
      path,
      method,
      headers: { ...headers, ...length, ...given.headers },
    };
    const sent = request({ ...options, timeout: seconds * 1000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** One page of one site, asked for again and again; `path` may differ from call to call. */
export interface Target {
  site: Site;
  path: (n: number) => string;
  /** stands in every right answer */
  expect: string | RegExp;
}

/** Milliseconds of one right answer; throws at any other. */
export async function timeOnce({ site, path, expect }: Target, n: number): Promise<number> {
  const start = performance.now();
  const { status, body } = await call(site, path(n));
  const taken = performance.now() - start;
  const right = typeof expect === 'string' ? body.includes(expect) : expect.test(body);
  if (status === 200 && right) return taken;
  throw new Error(`${path(n)} answered ${status} ${right ? '' : `without ${expect}`}: ${body.slice(0, 300)}`);
}

/** So many clients, each asking again as soon as it is answered, for so long. Answers the milliseconds of each call. */
export async function storm(target: Target, clients: number, milliseconds: number): Promise<number[]> {
  const taken: number[] = [];
  const end = performance.now() + milliseconds;
  const client = async (): Promise<void> => {
    while (performance.now() < end) taken.push(await timeOnce(target, taken.length));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return taken;
}
