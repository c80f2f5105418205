import { expect } from '@jest/globals';
import * as duplicates from '../../src/duplicates/duplicates.ts';
import { drift } from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import {
  decode,
  linkTo,
  makeShop as makePlainShop,
  type Shop as PlainShop,
  pageAt,
  textOf,
} from '../customers/shop.ts';
import { NO_DRIFT } from '../identity/make.ts';
import type { TestApp, Visitor } from '../make.ts';

export interface Shop extends PlainShop {
  /** Looks for near matches, as the nightly job does. */
  find(): Promise<void>;
  /** Whose an order is now: the customer's id; null: nobody's. */
  ownerOf(orderId: string): Promise<string | null>;
  /** No counter differs from what is stored. */
  expectSound(): Promise<void>;
}

export async function makeShop(portal: TestApp, wishes: Parameters<typeof makePlainShop>[1] = {}): Promise<Shop> {
  const shop = await makePlainShop(portal, wishes);
  const { tenancy, services } = portal;
  return {
    ...shop,
    find: async () => void (await duplicates.findNear(services, shop.company)),
    ownerOf: (orderId) =>
      tenancy.inCompany(shop.company, async (db) => {
        const [row] = await db.query<{ id: string }>(sql`
          select c.id from arrival a join customer c on c.id = a.customer_id and c.listed where a.id = ${orderId}::uuid`);
        return row?.id ?? null;
      }),
    expectSound: async () => {
      expect(await tenancy.inCompany(shop.company, drift)).toEqual(NO_DRIFT);
    },
  };
}

/** The page at this address, which must be there. */
export const open = ({ owner }: PlainShop, path: string): Promise<string> => pageAt(owner, path);

/** Every hidden field of the form that goes to this address, as the browser would send it. */
export function fieldsOf(html: string, action: string): Record<string, string[]> {
  const form =
    html.split('<form ').find((part) => part.includes(`action="${action}"`) && part.includes('method="post"')) ?? '';
  const fields: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
    if (name.startsWith('_')) continue;
    fields[name] = [...(fields[name] ?? []), decode(value)];
  }
  return fields;
}

/** Presses the button of a preview: everything it showed goes along. Answers where that leads. */
export async function confirm(visitor: Visitor, html: string, action: string): Promise<string> {
  const answer = await visitor.post(action, fieldsOf(html, action));
  expect([action, answer.status]).toEqual([action, 303]);
  return String(answer.headers.location);
}

export { linkTo, textOf };
