/** What a browser would send of the form with that id, as it stands in the page. Throws where there is none. */
export function formOf(html: string, id: string): URLSearchParams {
  const form = new RegExp(`<form[^>]*\\bid="${id}"[^>]*>([\\s\\S]*?)</form>`).exec(html)?.[1];
  if (form === undefined) throw new Error(`the page has no form ${id}`);
  const fields = new URLSearchParams();
  for (const [tag, textarea, select] of form.matchAll(FIELD)) {
    const name = attribute(tag, 'name');
    if (name === null) continue;
    if (textarea !== undefined) fields.append(name, plain(textarea.replace(/^\n/, '')));
    else if (select !== undefined) fields.append(name, chosen(select));
    else if (!/type="(?:checkbox|radio)"/.test(tag) || / checked/.test(tag))
      fields.append(name, attribute(tag, 'value') ?? '');
  }
  return fields;
}

const FIELD = /<input[^>]*>|<textarea[^>]*>([\s\S]*?)<\/textarea>|<select[^>]*>([\s\S]*?)<\/select>/g;

function chosen(options: string): string {
  const all = [...options.matchAll(/<option[^>]*>/g)].map(([tag]) => tag);
  return attribute(all.find((tag) => / selected/.test(tag)) ?? all[0] ?? '', 'value') ?? '';
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? null : plain(value);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Text as it was before it was written into a page. */
export const plain = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(hex ?? decimal, hex === undefined ? 10 : 16));
  });

/** The token that every form of a session carries. */
export const tokenOf = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
