import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { routes } from '../../src/routes.ts';
import { isApiRoute } from '../../src/web/api.ts';
import { makeApp, type TestApp } from '../make.ts';

const calls = routes.filter(isApiRoute);

interface Operation {
  operationId: string;
  description: string;
  parameters: { in: string; name: string; required?: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: object; example: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object; example: unknown }> }>;
  tags: string[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: object[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

let portal: TestApp;
let document: Document;
beforeAll(async () => {
  portal = await makeApp({ PUBLIC_URL: 'https://portal.example' });
  document = (await request(portal.app).get('/api/v1/openapi.json')).body;
});
afterAll(() => portal.close());

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path));

test('every call of the route table is in the document, and nothing else', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.toSorted()).toEqual(calls.map(({ method, path }) => `${method} ${path}`).toSorted());
  const below = routes.filter(({ path }) => path.startsWith('/api/') && !calls.some((call) => call.path === path));
  expect(below.map(({ path, permission }) => [path, permission])).toEqual([
    ['/api/docs', 'public'],
    ['/api/v1/openapi.json', 'public'],
  ]);
});

test('it is OpenAPI 3.1: every reference leads somewhere, every parameter of a path is declared, names are not used twice', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    servers: [{ url: 'https://portal.example' }],
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  });
  for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(reference ?? '') ?? [];
    expect(Object.keys(document.components.schemas)).toContain(name);
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { parameters } of Object.values(methods)) {
      const declared = parameters.filter((each) => each.in === 'path' && each.required).map((each) => `{${each.name}}`);
      expect(declared).toEqual(path.match(/\{\w+\}/g));
    }
  }
  const names = operations().map((operation) => operation.operationId);
  expect(names).toEqual([...new Set(names)]);
});

test('every call tells of its errors, each with a problem document', () => {
  for (const { operationId, responses, requestBody } of operations()) {
    const always = ['200', '401', '403', '404', '429', '500', '503'];
    const wanted = requestBody ? [...always, '400', '413', '415', '422'] : always;
    expect([operationId, Object.keys(responses)]).toEqual([operationId, expect.arrayContaining(wanted)]);
    for (const [status, { description, content }] of Object.entries(responses)) {
      expect(description).not.toBe('');
      if (Number(status) < 400) continue;
      expect(content?.['application/problem+json']?.example).toMatchObject({
        type: 'about:blank',
        status: Number(status),
        title: expect.any(String),
        detail: expect.any(String),
      });
    }
  }
});

describe('the examples pass the schemas', () => {
  test.each(calls.map((call) => [call.doc.name, call.doc] as const))('of %s', (_name, { body, answer, query }) => {
    if (body) expect(body.schema.safeParse(body.example).error).toBeUndefined();
    expect(answer.schema.safeParse(answer.example).error).toBeUndefined();
    for (const [name, parameter] of Object.entries(query?.shape ?? {}))
      expect([name, parameter]).toEqual([name, expect.anything()]);
  });
});
