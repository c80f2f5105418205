import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** A company of a running portal, and a key for it. */
export interface Target {
  /** `http://localhost:3000` */
  url: string;
  key: string;
  /** slug */
  company: string;
}

const results = z.object({
  results: z.array(
    z.object({
      externalId: z.string().nullable(),
      status: z.enum(['created', 'updated', 'unchanged', 'rejected']),
      errors: z.array(z.object({ path: z.string(), message: z.string() })),
    }),
  ),
});
export type PostedOrder = z.infer<typeof results>['results'][number];

/** Posts at most 1,000 orders; answers one result for each. Repeated until it got through: the same orders change nothing. */
export async function postOrders(target: Target, orders: readonly object[]): Promise<PostedOrder[]> {
  const answer = await ask(target, 'orders', JSON.stringify({ orders }));
  // 422 with results: not one of the orders was taken, and each result says why.
  const read = results.safeParse(answer.body);
  if (read.success && read.data.results.length === orders.length) return read.data.results;
  throw refusal(target, 'orders', answer);
}

/** Reads `path` of the company, such as `customers?per=100`. */
export async function readApi<T>(target: Target, path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await ask(target, path);
  const read = schema.safeParse(answer.body);
  if (answer.status === 200 && read.success) return read.data;
  throw refusal(target, path, answer);
}

interface Answer {
  status: number;
  body: unknown;
  /** milliseconds; null: the portal did not say */
  retryAfter: number | null;
}

const ATTEMPTS = 8;
const ANSWER_WITHIN = 120_000;

async function ask(target: Target, path: string, body?: string): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await tryOnce(target, path, body);
    if (typeof answer !== 'string' && !isPassing(answer.status)) return answer;
    if (attempt === ATTEMPTS) {
      throw typeof answer === 'string'
        ? new Error(`no answer from ${target.url}: ${answer}`)
        : refusal(target, path, answer);
    }
    const wanted = typeof answer === 'string' ? null : answer.retryAfter;
    await pause(wanted ?? Math.min(10_000, 250 * 2 ** attempt));
  }
}

const isPassing = (status: number) => status === 429 || status >= 500;

/** A text: why there was no answer. */
async function tryOnce(target: Target, path: string, body?: string): Promise<Answer | string> {
  try {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${target.url}/api/v1/companies/${encodeURIComponent(target.company)}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${target.key}`, ...json },
      signal: AbortSignal.timeout(ANSWER_WITHIN),
      ...(body !== undefined && { body }),
    });
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfter = seconds >= 0 ? Math.min(60, seconds) * 1000 : null;
    return { status: response.status, body: readJson(await response.text()), retryAfter };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message || cause.name : String(cause);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

function refusal(target: Target, path: string, { status, body }: Answer): Error {
  const problem = z.object({ title: z.string().optional(), detail: z.string().optional() }).safeParse(body);
  const why = problem.success ? (problem.data.detail ?? problem.data.title ?? '') : String(body);
  return new Error(`${target.url} answered ${status} to ${path} of ${target.company}: ${why || 'nothing more'}`);
}
