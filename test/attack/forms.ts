/** A form as a page prints it. */
export interface Form {
  action: string;
  method: 'GET' | 'POST';
  fields: Record<string, string>;
}

/** The forms of one of our own pages; `path`: of the page, for forms without an address. */
export function formsOf(html: string, path: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', inside = '']) => ({
    action: attribute(attributes, 'action') ?? path,
    method: attribute(attributes, 'method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
    fields: { ...inputs(inside), ...areas(inside), ...selects(inside) },
  }));
}

/** Where the links of a page lead on this site. */
export const linksOf = (html: string): string[] =>
  [...html.matchAll(/(?:href|hx-get)="(\/[^"#]*)["#]/g)].map(([, address = '']) => unescaped(address));

function inputs(html: string): Record<string, string> {
  const named = [...html.matchAll(/<(?:input|button)\b([^>]*)>/g)].flatMap(([, attributes = '']) => {
    const name = attribute(attributes, 'name');
    const kind = attribute(attributes, 'type');
    if (name === null || kind === 'file') return [];
    const ticked = kind === 'checkbox' || kind === 'radio' ? 'on' : '';
    return [[name, attribute(attributes, 'value') ?? ticked] as const];
  });
  return Object.fromEntries(named);
}

const areas = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs)].flatMap(([, attributes = '', text = '']) => {
      const name = attribute(attributes, 'name');
      return name === null ? [] : [[name, unescaped(text)] as const];
    }),
  );

const selects = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)].flatMap(([, attributes = '', inside = '']) => {
      const name = attribute(attributes, 'name');
      const values = [...inside.matchAll(/<option\b([^>]*)>/g)].map(([, each = '']) => attribute(each, 'value') ?? '');
      return name === null ? [] : [[name, values.find((value) => value !== '') ?? ''] as const];
    }),
  );

function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes);
  return found ? unescaped(found[1] ?? '') : null;
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#x3D': '=', '#x60': '`' };

const unescaped = (text: string) => text.replace(/&([#\w]+);/g, (whole, name: string) => NAMED[name] ?? whole);
