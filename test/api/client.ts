import { expect } from '@jest/globals';
import request, { type Test } from 'supertest';
import type { Company } from '../../src/tenancy/company.ts';
import type { TestApp } from '../make.ts';

export const order = {
  externalId: 'A-1',
  placedAt: '2026-11-20T10:15:00+02:00',
  currency: 'UAH',
  total: '1250.00',
  customer: { phones: ['067 123 45 67'] },
};
export const message = {
  externalId: 'M-1',
  sentAt: '2026-11-20T10:15:00+02:00',
  customer: { phones: ['067 123 45 67'] },
  text: 'Where is it?',
};
export const feedback = {
  externalId: 'F-1',
  writtenAt: '2026-11-20T10:15:00+02:00',
  customer: { phones: ['067 123 45 67'] },
  rating: 5,
  text: 'Fine.',
};

export interface Result {
  externalId: string | null;
  status: 'created' | 'updated' | 'unchanged' | 'rejected';
  id: string | null;
  customerId: string | null;
  errors: { path: string; message: string }[];
}

/** A program with this key at one company. Paths begin after the company: `orders`, `customers/…`. */
export class Client {
  readonly #portal: Pick<TestApp, 'app'>;
  readonly #key: string | null;
  readonly #home: string;

  constructor(portal: Pick<TestApp, 'app'>, key: string | null, company: Pick<Company, 'slug'>) {
    this.#portal = portal;
    this.#key = key;
    this.#home = `/api/v1/companies/${company.slug}`;
  }

  get(path: string): Test {
    return this.#signed(request(this.#portal.app).get(this.path(path)));
  }

  post(path: string, body: unknown): Test {
    return this.raw(path, JSON.stringify(body));
  }

  /** A body as it stands. */
  raw(path: string, body: string | Buffer, type = 'application/json'): Test {
    const call = this.#signed(request(this.#portal.app).post(this.path(path))).set('Content-Type', type);
    return call.serialize((text: unknown) => text as string).send(body as string);
  }

  async results(path: 'orders' | 'messages' | 'feedback', items: unknown[]): Promise<Result[]> {
    return (await this.post(path, { [path]: items })).body.results;
  }

  path(path: string): string {
    return `${this.#home}/${path}`;
  }

  #signed(call: Test): Test {
    return this.#key === null ? call : call.set('Authorization', `Bearer ${this.#key}`);
  }
}

/** What every problem document has. */
export const problemOf = (status: number, detail?: unknown) => ({
  type: 'about:blank',
  title: expect.any(String),
  status,
  detail: detail ?? expect.any(String),
});
