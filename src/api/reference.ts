import { type Piece, pieces } from './prose.ts';

/** What is read of a schema of the OpenAPI document. */
interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

interface Media {
  schema: Schema;
  example: unknown;
}

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Field {
  name: string;
  type: string;
  required: boolean;
  pieces: Piece[];
}

interface Body {
  fields: Field[];
  example: string;
}

export interface CallModel {
  id: string;
  method: string;
  path: string;
  scope: string;
  summary: string;
  pieces: Piece[];
  parameters: Field[];
  body: Body | null;
  answer: Body | null;
  problems: { status: string; pieces: Piece[] }[];
}

/** The calls of an OpenAPI document as a page shows them. */
export function reference(document: Document): CallModel[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => call(document, method, path, operation)),
  );
}

function call(document: Document, method: string, path: string, operation: Operation): CallModel {
  const { 200: done, ...others } = operation.responses;
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    scope: operation.tags.join(),
    summary: operation.summary,
    pieces: pieces(operation.description.replaceAll('\n', ' ')),
    parameters: (operation.parameters ?? []).map(({ name, required = false, description, schema }) =>
      field(document, name, { ...schema, ...(description ? { description } : {}) }, required),
    ),
    body: bodyOf(document, operation.requestBody?.content),
    answer: bodyOf(document, done?.content),
    problems: Object.entries(others).map(([status, each]) => ({ status, pieces: pieces(each.description) })),
  };
}

function bodyOf(document: Document, content: Record<string, Media> | undefined): Body | null {
  const json = content?.['application/json'];
  if (!json) return null;
  return { fields: fieldsOf(document, json.schema, ''), example: JSON.stringify(json.example, null, 2) };
}

/** Every field by its path: `orders[].customer.phones[]`. */
function fieldsOf(document: Document, given: Schema, at: string): Field[] {
  const schema = plain(document, given);
  if (schema.items) return fieldsOf(document, schema.items, `${at}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = at === '' ? name : `${at}.${name}`;
    const required = schema.required?.includes(name) ?? false;
    return [field(document, path, inner, required), ...fieldsOf(document, inner, path)];
  });
}

function field(document: Document, name: string, given: Schema, required: boolean): Field {
  const { description = '' } = { ...plain(document, given), ...given };
  return { name, type: typeOf(document, given), required, pieces: pieces(description) };
}

/** Without references, and without the null it may be instead. */
function plain(document: Document, schema: Schema): Schema {
  if (schema.$ref) return plain(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const [only, ...more] = (schema.anyOf ?? []).filter((each) => each.type !== 'null');
  return only && more.length === 0 ? plain(document, only) : schema;
}

function typeOf(document: Document, given: Schema): string {
  const orNull = given.anyOf?.some((each) => each.type === 'null') ? ' or null' : '';
  const { items, maxItems, ...schema } = plain(document, given);
  if (items) return `list of ${kindOf(plain(document, items))}${upTo(maxItems)}${orNull}`;
  const { maxLength, minimum, maximum } = schema;
  return kindOf(schema) + upTo(maxLength, ' characters') + between(minimum, maximum) + orNull;
}

const kindOf = (schema: Schema) =>
  schema.enum?.map((each) => JSON.stringify(each)).join(', ') ?? schema.format ?? schema.type ?? '';

const upTo = (most?: number, unit = '') => (most === undefined ? '' : `, up to ${most}${unit}`);

// Zod writes the largest exact integer where nobody set a limit.
function between(from?: number, to?: number): string {
  return to === undefined || to === Number.MAX_SAFE_INTEGER ? '' : ` from ${from} to ${to}`;
}
