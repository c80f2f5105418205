import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import { decode, makeShop, NOW, pageAt, type Shop } from '../customers/shop.ts';
import type { TestApp, Visitor } from '../make.ts';

/** Four customers: Олена (new), Петро (loyal, 3 orders), Іван (inactive, of Lviv) and Марія (wrote once). */
export async function makeFour(portal: TestApp, wishes: Parameters<typeof makeShop>[1] = {}): Promise<Shop> {
  portal.setNow(NOW);
  const shop = await makeShop(portal, wishes);
  await shop.order(
    '1',
    { name: 'Олена', phones: ['067 123 45 67'], gender: 'female', region: 'Kyiv' },
    { total: '1250.00' },
  );
  const petro = { name: 'Петро', emails: ['petro@example.com'], gender: 'male' };
  for (const n of [4, 5, 6]) await shop.order(`${n}`, petro, { placedAt: `2026-10-0${n}T10:00:00Z` });
  await shop.order(
    '3',
    { name: 'Іван', phones: ['050 123 45 67'], gender: 'male', region: 'Lviv' },
    { placedAt: '2026-01-05T10:00:00Z' },
  );
  await shop.message('7', { name: 'Марія', accountId: 'u-7', gender: 'female' }, { sentAt: '2026-11-20T09:00:00Z' });
  return shop;
}

/** Saves a filter as the form over the list does; answers the segment's id. */
export async function saved(visitor: Visitor, name: string, ...where: string[]): Promise<string> {
  const filter = new URLSearchParams(where.map((text): [string, string] => ['where', text])).toString();
  await visitor.get(`/customers?${filter}`);
  const answer = await visitor.post('/segments', { name, filter });
  expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/customers\?segment=/)]);
  return String(answer.headers.location).split('=')[1] ?? '';
}

/** The page that a form leads to. */
export async function follow(visitor: Visitor, answer: Response): Promise<string> {
  expect(answer.status).toBe(303);
  return pageAt(visitor, String(answer.headers.location));
}

/** The fields of the form with this action, as the page has them. */
export function fieldsOf(html: string, action: string): Record<string, string> {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`));
  if (!form) throw new Error(`There is no form ${action}`);
  const body = form.slice(0, form.indexOf('</form>'));
  const fields = [...body.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, decode(value)]));
}
