import type { Visitor } from '../../make.ts';
import { decode } from '../shop.ts';

type Fields = Record<string, string | readonly string[]>;

/** Every field of the form as a browser would send it untouched. */
export function fieldsOf(html: string): Record<string, string[]> {
  const [, form = ''] = /<form[^>]*id="edit-form"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? [];
  const fields: Record<string, string[]> = {};
  const put = (name: string, value: string) => {
    fields[name] = [...(fields[name] ?? []), decode(value)];
  };
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const value = /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '';
    const box = /type="(?:checkbox|radio)"/.test(tag);
    if (name && !name.startsWith('_') && (!box || /\schecked/.test(tag))) put(name, value);
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
    put(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? '');
  }
  for (const [, name = '', text = ''] of form.matchAll(/<textarea[^>]*name="([^"]*)"[^>]*>\n?([\s\S]*?)<\/textarea>/g))
    put(name, text);
  return fields;
}

/** Opens the form, changes some fields and saves. `without`: fields that are not sent. */
export async function edit(visitor: Visitor, id: string, changes: Fields, without: readonly string[] = []) {
  const fields: Fields = { ...fieldsOf((await visitor.get(`/customers/${id}/edit`)).text), ...changes };
  for (const name of without) delete fields[name];
  return visitor.post(`/customers/${id}/edit`, fields);
}

/** Adds a customer and answers the id. */
export async function add(visitor: Visitor, fields: Fields): Promise<string> {
  const { status, headers, text } = await visitor.post('/customers/new', fields);
  const id = /^\/customers\/([0-9a-f-]{36})$/.exec(headers.location ?? '')?.[1];
  if (status !== 303 || !id) throw new Error(`Adding was answered ${status}: ${text.slice(0, 2000)}`);
  return id;
}
