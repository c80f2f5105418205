import type { Random } from '../../src/demo/random.ts';
import { type Answer, call, type Site } from '../bench/load.ts';
import { tokenOf } from './forms.ts';
import type { Book } from './samples.ts';
import type { User } from './users.ts';

export interface Someone {
  id: string;
  name: string;
  email: string;
  phone: string;
}

/** What was acknowledged, and so has to be there when all is over. */
export interface Kept {
  /** customer id → its note */
  notes: Map<string, string>;
  /** `<customer id> <tag>` */
  tags: Set<string>;
  /** external ids of orders */
  orders: Set<string>;
}

export const keepNothing = (): Kept => ({ notes: new Map(), tags: new Set(), orders: new Set() });

/** What one person sees and does. Whatever is not as it should be is written into the book, and is no reason to stop. */
export interface Visit {
  random: Random;
  kept: Kept;
  /** of the whole company */
  someone(): Someone;
  /** one whom nobody else changes */
  own(): Someone;
  /** the campaign that is being sent; null: none */
  campaign(): string | null;
  /** a number that nobody else got */
  next(): string;
  csrf(token: string): void;
  /** A page for people: it has to hold `expect`, be whole, and be the company's. Answers its HTML. */
  page(name: string, group: string, path: string, expect: string): Promise<string>;
  /** A form; it has to lead to a page that begins like `to`. */
  post(name: string, group: string, path: string, fields: URLSearchParams, to: string): Promise<void>;
  read(name: string, path: string, isRight: (body: Record<string, unknown>) => boolean): Promise<void>;
  ingest(): Promise<void>;
}

export interface World {
  book: Book;
  kept: Kept;
  /** `/api/v1/companies/<slug>`, with a key */
  api: Site;
  base: string;
  companyId: string;
  companyName: string;
  people: readonly Someone[];
  campaign(): string | null;
  next(): string;
}

/** What the answer lacks; it ends this click, not the person. */
class Wrong extends Error {}

export function openVisit(world: World, user: User, own: readonly Someone[], random: Random): Visit {
  const { book, kept, api, base } = world;
  let turn = 0;

  const visit: Visit = {
    random,
    kept,
    someone: () => random.pick(world.people),
    own: () => own[turn++ % own.length] as Someone,
    campaign: () => world.campaign(),
    next: () => world.next(),
    csrf: (token) => {
      if (token !== '') user.csrf = token;
    },
    page: async (name, group, path, expect) => {
      const { body } = await timed(
        name,
        group,
        () => call(user.site, path),
        (answer) => wrongPage(answer, expect),
      );
      visit.csrf(tokenOf(body));
      return body;
    },
    post: async (name, group, path, fields, to) => {
      fields.set('_csrf', user.csrf);
      fields.set('_company', world.companyId);
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const ask = () => call(user.site, path, { method: 'POST', body: fields.toString(), headers });
      await timed(name, group, ask, ({ status, headers: { location } }) =>
        status === 303 && location?.startsWith(to) ? null : `led to ${location}`,
      );
    },
    read: async (name, path, isRight) => {
      await timed(
        name,
        'API, reads',
        () => call(api, base + path),
        ({ status, body }) => (status === 200 && isRight(JSON.parse(body)) ? null : 'is not what was asked for'),
      );
    },
    ingest: async () => {
      const orders = Array.from({ length: 5 }, () => orderOf(world.next(), random, visit.someone()));
      const body = JSON.stringify({ orders });
      const headers = { 'content-type': 'application/json' };
      const ask = () => call(api, `${base}/orders`, { method: 'POST', body, headers });
      await timed('API, five orders', 'API, writes', ask, ({ status, body: text }) =>
        wrongResults(status, text, orders),
      );
      for (const { externalId } of orders) kept.orders.add(externalId);
    },
  };

  async function timed(
    name: string,
    group: string,
    ask: () => Promise<Answer>,
    wrong: (answer: Answer) => string | null,
  ): Promise<Answer> {
    const start = performance.now();
    const at = start - book.started;
    const answer = await ask().catch((error: Error) => error);
    const milliseconds = performance.now() - start;
    const what = answer instanceof Error ? answer.message : wrong(answer);
    if (what === null && !(answer instanceof Error)) {
      book.samples.push({ page: name, group, at, milliseconds });
      return answer;
    }
    const status = answer instanceof Error ? '' : `${answer.status} `;
    book.mistakes.push({ page: name, at, what: `${status}${what}` });
    throw new Wrong();
  }

  function wrongPage({ status, body }: Answer, expect: string): string | null {
    if (status !== 200) return body.slice(0, 200);
    if (!body.trimEnd().endsWith('</html>')) return 'is not whole';
    if (!body.includes(`<span>${world.companyName}</span>`)) return 'is not of the company';
    return body.includes(expect) ? null : `lacks ${expect}`;
  }

  return visit;
}

/** A click, and whatever belongs to it; whether all of it went well. */
export async function clicked(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Wrong) return false;
    throw error;
  }
}

function wrongResults(status: number, text: string, orders: readonly { externalId: string }[]): string | null {
  if (status !== 200) return text.slice(0, 200);
  const { results } = JSON.parse(text) as { results: { externalId: string; status: string }[] };
  const created = results.filter((result) => result.status === 'created').map(({ externalId }) => externalId);
  return created.join() === orders.map(({ externalId }) => externalId).join() ? null : text.slice(0, 200);
}

/** Every second one is of somebody who is there already. */
function orderOf(number: string, random: Random, someone: Someone) {
  const known = random.chance(0.5);
  const phone = known ? someone.phone : `+4860${number.padStart(7, '0').slice(-7)}`;
  return {
    externalId: `load-${number}`,
    placedAt: new Date(Date.now() - 60_000).toISOString(),
    currency: 'UAH',
    total: `${random.whole(1, 5000)}.00`,
    customer: { name: known ? someone.name : `Newcomer ${number}`, phones: [phone] },
  };
}
