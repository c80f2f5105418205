/** What a text may hold of each customer, and of the company; nothing else is ever replaced (P-02). */
export const FIELDS = ['name', 'first_name', 'company', 'region', 'orders', 'last_order', 'stop'] as const;
export type Field = (typeof FIELDS)[number];

/** A text as it was written, or a field with what stands there where the customer has none. */
export type Piece = string | { readonly field: Field; readonly fallback: string };
export type Template = readonly Piece[];

/** `field`: there is no such field; `braces`: what begins with `{{` is no field at all. */
export interface TemplateError {
  readonly error: 'field' | 'braces';
  /** what is meant, as written */
  readonly piece: string;
}

/**
 * Takes a text apart: `Hello {{name|friend}}, {{stop}}`. No engine: a field is one word of a list, values are put in once and are never
 * read again. Line ends are `\n`, whatever the browser made of them.
 */
export function parseTemplate(given: string): Template | TemplateError {
  const text = given.replace(/\r\n?/g, '\n');
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', from)) {
    const end = text.indexOf('}}', at);
    const inside = text.slice(at + 2, end);
    if (end < 0 || /[{}]/.test(inside)) return { error: 'braces', piece: text.slice(at, at + SHOWN) };
    const { field, fallback } = parted(inside);
    if (!isField(field)) return { error: 'field', piece: text.slice(at, end + 2).slice(0, SHOWN) };
    if (at > from) pieces.push(text.slice(from, at));
    pieces.push({ field, fallback });
    from = end + 2;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** Without a pattern: one that allows blanks on both sides of a text of blanks tries all ways to part them. */
function parted(inside: string): { field: string; fallback: string } {
  const bar = inside.indexOf('|');
  if (bar < 0) return { field: inside.trim(), fallback: '' };
  return { field: inside.slice(0, bar).trim(), fallback: inside.slice(bar + 1).trim() };
}

/** So much of what is wrong is said. */
const SHOWN = 40;

const isField = (text: string): text is Field => (FIELDS as readonly string[]).includes(text);

/** Whether the text holds this field. */
export const holds = (template: Template, field: Field): boolean =>
  template.some((piece) => typeof piece !== 'string' && piece.field === field);
