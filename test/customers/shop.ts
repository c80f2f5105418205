import { expect } from '@jest/globals';
import { ingestFeedback, ingestMessages, ingestOrders, type Result } from '../../src/ingest/ingest.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');

export interface Shop {
  company: Company;
  owner: Visitor;
  /** answer the customer's id */
  order(externalId: string, customer: object, changes?: object): Promise<Ids>;
  message(externalId: string, customer: object, changes?: object): Promise<Ids>;
  feedback(externalId: string, customer: object, changes?: object): Promise<Ids>;
}

interface Ids {
  id: string;
  customerId: string;
}

/** A company that is sent orders and messages, and its owner in the browser. */
export async function makeShop(portal: TestApp, wishes: Parameters<typeof makeCompany>[1] = {}): Promise<Shop> {
  const company = await makeCompany(portal, wishes);
  const { tenancy } = portal;
  const sent = async (results: Promise<Result[]>): Promise<Ids> => {
    const [result] = await results;
    expect(result).toMatchObject({ errors: [] });
    return { id: String(result?.id), customerId: String(result?.customerId) };
  };
  return {
    company,
    owner: await memberOf(portal, company),
    order: (externalId, customer, changes = {}) => {
      const item = {
        externalId,
        placedAt: '2026-11-01T10:00:00Z',
        currency: 'UAH',
        total: '10.00',
        customer,
        ...changes,
      };
      return sent(ingestOrders(tenancy, company, [item], NOW));
    },
    message: (externalId, customer, changes = {}) => {
      const item = { externalId, sentAt: '2026-11-02T10:00:00Z', text: 'Is it in stock?', customer, ...changes };
      return sent(ingestMessages(tenancy, company, [item], NOW));
    },
    feedback: (externalId, customer, changes = {}) => {
      const item = { externalId, writtenAt: '2026-11-03T10:00:00Z', rating: 5, text: 'Good', customer, ...changes };
      return sent(ingestFeedback(tenancy, company, [item], NOW));
    },
  };
}

/** The page at this address, as the visitor gets it. */
export async function pageAt(visitor: Visitor, path: string, status = 200): Promise<string> {
  const answer = await visitor.get(path);
  expect([path, answer.status]).toEqual([path, status]);
  return answer.text;
}

/** What a reader sees: no tags, white space as one blank. */
export const textOf = (html: string): string =>
  decode(
    html
      .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  );

/** The names of the rows of a list, in their order. */
export const namesIn = (html: string): string[] =>
  [...html.matchAll(/<a class="who" href="[^"]*">([^<]*)<\/a>/g)].map(([, name]) => decode(name ?? ''));

/** The address of the link with this text. */
export function linkTo(html: string, text: string): string {
  const links = [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g)];
  const found = links.find(
    ([, head, inner]) => textOf(inner ?? '').trim() === text || head?.includes(`title="${text}"`),
  );
  const href = /href="([^"]*)"/.exec(found?.[1] ?? '')?.[1];
  if (!href) throw new Error(`There is no link "${text}"`);
  return decode(href);
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x3D': '=',
  '#x60': '`',
};

/** Text as it stands in a page, without its entities. */
export const decode = (html: string) => html.replace(/&(#?\w+);/g, (entity, name) => ENTITIES[name] ?? entity);
