import type { z } from 'zod';

/** What the author of a program must know of one call; openapi.json and the docs page are made from it. */
export interface ApiDoc {
  /** how generated clients name the call */
  readonly name: string;
  readonly summary: string;
  /** Markdown */
  readonly description: string;
  /** the same schema that reads the query */
  readonly query?: z.ZodObject;
  /** the same schemas that read the body, and one that passes */
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown };
  readonly answer: { readonly schema: z.ZodType; readonly example: unknown };
  /** what 422 brings beside a problem's members */
  readonly refusal?: z.ZodType;
  /** statuses of its own beside 200 and those every call may bring, each with its meaning */
  readonly also?: Readonly<Record<number, string>>;
}
