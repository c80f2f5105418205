import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import type { ApiRoute } from '../web/api.ts';
import type { ApiDoc } from '../web/api-doc.ts';
import { OVERVIEW } from './overview.ts';
import type { Document } from './reference.ts';

/** The OpenAPI 3.1 document of these rows of the route table. `publicUrl` is where programs reach the portal. */
export function openApi(routes: readonly ApiRoute[], publicUrl: string): Document {
  const document: unknown = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Clientele API',
        version: '1',
        description: OVERVIEW,
      },
      servers: [{ url: publicUrl }],
      security: [{ key: [] }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths: pathsOf(routes),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key of a company, or the portal’s.' },
        },
        schemas: { Problem },
      },
    },
    { override: ({ jsonSchema }) => void dropPatterns(jsonSchema) },
  );
  return document as Document;
}

const TAGS: Record<string, string> = {
  ingest: 'Bring in what happened. Keys with the scope `ingest`.',
  read: 'Take out what is known. Keys with the scope `read`.',
  consents: 'Who may be written to. Keys with the scope `consents`.',
  send: 'Write to customers. Keys with the scope `send`.',
};

function pathsOf(routes: readonly ApiRoute[]): Record<string, Record<string, ZodOpenApiOperationObject>> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return paths;
}

function operation({ doc, path, permission }: ApiRoute): ZodOpenApiOperationObject {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  return {
    operationId: doc.name,
    summary: doc.summary,
    description: doc.description,
    tags: [permission.slice('api:'.length)],
    requestParams: {
      path: z.object(Object.fromEntries(named.map((name) => [name, parameter(name)]))),
      ...(doc.query ? { query: doc.query } : {}),
    },
    ...(doc.body ? { requestBody: { required: true, content: { 'application/json': doc.body } } } : {}),
    responses: responses(doc),
  };
}

const parameter = (name: string) =>
  name === 'company'
    ? z
        .string()
        .meta({ description: 'The short name of the company, as its addresses show it.', example: 'kyiv-shirts' })
    : z.uuid();

function responses(doc: ApiDoc): ZodOpenApiResponsesObject {
  const statuses = { ...EVERY, ...(doc.query ? QUERY : {}), ...(doc.body ? BODY : {}), ...doc.also };
  const problems = Object.entries(statuses).map(([status, description]) => [
    status,
    { description, ...headersOf(status), ...contentOf(status, doc) },
  ]);
  return {
    200: { description: 'Done.', content: { 'application/json': doc.answer } },
    ...Object.fromEntries(problems),
  };
}

function contentOf(status: string, doc: ApiDoc) {
  if (Number(status) >= 400) return { content: problemContent(status, doc) };
  return Number(status) < 300 ? { content: { 'application/json': doc.answer } } : {};
}

function problemContent(status: string, doc: ApiDoc) {
  const schema = status === '422' && doc.refusal ? Problem.and(doc.refusal) : Problem;
  const example = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status: Number(status),
    detail: EXAMPLES[status],
  };
  return { 'application/problem+json': { schema, example } };
}

function headersOf(status: string) {
  const header = HEADERS[status];
  return header ? { headers: { [header.name]: { description: header.description, schema: header.schema } } } : {};
}

/** RFC 9457 */
export const Problem = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What was wrong, in a sentence for people; do not parse it.'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const EVERY: Record<string, string> = {
  401: 'No key, or one that is unknown or revoked.',
  403: 'The key lacks the scope.',
  404: 'There is no such thing, or this key may not see it: the two are not told apart.',
  429: 'Too many calls of this key.',
  500: 'Something went wrong here. Repeat the call.',
  503: 'Not possible at this moment. Repeat the call.',
};
const QUERY: Record<string, string> = { 400: 'An unknown parameter, or a value that means nothing.' };
const BODY: Record<string, string> = {
  400: 'The body is not JSON, not an object, or has an unknown field at the top.',
  413: 'The body is larger than 10 MB.',
  415: 'The body is not `application/json` in UTF-8, or it is compressed.',
  422: 'No item, more than 1,000, or none that is valid; then `results` says why.',
};

const EXAMPLES: Record<string, string> = {
  400: 'The body is not valid JSON: Unexpected end of JSON input.',
  401: 'Send a key: Authorization: Bearer <key>.',
  403: 'This key lacks the scope "ingest".',
  404: 'There is no such company, or this key may not see it.',
  413: 'The body is larger than 10 MB; send fewer items in one call.',
  415: 'Send JSON in UTF-8, with Content-Type: application/json.',
  422: 'No item is valid; each result says why.',
  429: 'This key may call 100 times a second.',
  500: 'Something went wrong on our side. Repeat the call; that does no harm.',
  503: 'Not possible at this moment. Repeat the call; that does no harm.',
};

const seconds = { name: 'Retry-After', description: 'Seconds to wait', schema: z.int().min(1) };
const HEADERS: Record<string, { name: string; description: string; schema: z.ZodType }> = {
  301: { name: 'Location', description: 'The address of the customer it was merged into', schema: z.string() },
  401: { name: 'WWW-Authenticate', description: 'Bearer', schema: z.string() },
  429: seconds,
  503: seconds,
};

/** The formats say it already, and nobody can read the patterns. */
function dropPatterns(schema: { format?: string; pattern?: string }): void {
  if (schema.format === 'date-time' || schema.format === 'uuid') delete schema.pattern;
}
