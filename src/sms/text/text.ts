import type { CompanyReader } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { type Analysis, analyse } from './parts.ts';
import { NOBODY, type Person, render } from './render.ts';
import * as sql from './sql.ts';
import { FIELDS, parseTemplate, type Template } from './template.ts';

/** `LONGEST` signs are what a provider takes, whatever they cost. */
export const LONGEST = 1600;

/** Signs of the code in the address where somebody says no. */
export const CODE_LENGTH = 10;

/** What stands in a preview for a code that does not exist yet: as long, and of the same alphabet. */
const NO_CODE = 'x'.repeat(CODE_LENGTH);

/**
 * What is written for many is a template; an answer is what one person says to another, and braces in it are braces. Throws FieldError
 * `body` for a text that is too long, or cannot be taken apart.
 */
export function templateOf(body: string, kind: 'group' | 'one' | 'reply' | 'test' = 'group'): Template {
  if (body.length > LONGEST) throw new FieldError('body', 'sms.text.tooLong');
  if (kind === 'reply') return [body.replace(/\r\n?/g, '\n')];
  const parsed = parseTemplate(body);
  if ('error' in parsed) throw new FieldError('body', ERRORS[parsed.error], { piece: parsed.piece, fields: ALLOWED });
  return parsed;
}

const ERRORS = { field: 'sms.text.noField', braces: 'sms.text.braces' } as const;

const ALLOWED = FIELDS.map((field) => `{{${field}}}`).join(', ');

/** Where the person behind a delivery says no, up to its code. */
export async function linkPrefix(db: CompanyReader, publicUrl: string): Promise<string> {
  const [row] = await db.query<{ number: bigint }>(sql.companyNumber());
  return `${publicUrl.replace(/\/$/, '')}/u/${(row?.number ?? 0n).toString(36)}.`;
}

export interface Preview extends Analysis {
  readonly body: string;
}

/** A text as this customer would get it, with what it costs. `customerId` null, or of nobody: every field falls back. Throws FieldError `body`. */
export async function preview(
  db: CompanyReader,
  { body }: { readonly body: string },
  customerId: string | null,
  publicUrl: string,
): Promise<Preview> {
  const template = templateOf(body);
  const person = await personOf(db, customerId);
  const text = render(template, person, db.company, `${await linkPrefix(db, publicUrl)}${NO_CODE}`);
  return { body: text, ...analyse(text) };
}

/** What fields are filled with; of nobody, and of somebody who is not there, nothing is known. */
export async function personOf(db: CompanyReader, customerId: string | null): Promise<Person> {
  const [row] = customerId === null ? [] : await db.query<sql.PersonRow>(sql.person(customerId));
  if (!row) return NOBODY;
  return { name: row.name, region: row.region, orders: row.orders, lastOrderAt: row.last_order_at };
}
