import type { T } from '../../platform/i18n.ts';

export interface Section {
  /** its heading is `exports.person.section.<name>` */
  name: string;
  rows: object[];
}

/** A page that needs nothing but a browser: every section a list of entries, every entry its fields. */
export function personPage(
  sections: readonly Section[],
  { company, at, t }: { company: string; at: Date; t: T },
): string {
  const title = printed(t('exports.person.title', { company }));
  const body = sections.map((section) => sectionOf(section, t)).join('\n');
  return `<!doctype html>
<html lang="${printed(t('exports.person.lang'))}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1><p>${printed(t('exports.person.made', { at: at.toISOString() }))}</p>
${body}
</body></html>
`;
}

const STYLE = `body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
li{margin:.5rem 0;border-top:1px solid #999;padding-top:.5rem}dl{margin:0;display:grid;grid-template-columns:minmax(8rem,1fr) 3fr;gap:0 1rem}
dd{margin:0;overflow-wrap:anywhere}dt{color:#555}`;

function sectionOf({ name, rows }: Section, t: T): string {
  const heading = `<h2>${printed(t(`exports.person.section.${name}`))}</h2>`;
  if (rows.length === 0) return `${heading}<p>${printed(t('exports.person.none'))}</p>`;
  return `${heading}<ol>${rows.map((row) => `<li>${fields(row)}</li>`).join('\n')}</ol>`;
}

function fields(row: object): string {
  const told = Object.entries(row).filter(([, value]) => !isNothing(value));
  return `<dl>${told.map(([name, value]) => `<dt>${printed(name.replaceAll('_', ' '))}</dt><dd>${words(value)}</dd>`).join('')}</dl>`;
}

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

function words(value: unknown): string {
  if (Array.isArray(value)) return `<ul>${value.map((each) => `<li>${words(each)}</li>`).join('')}</ul>`;
  if (typeof value === 'object' && value !== null) return fields(value);
  return printed(String(value));
}

const printed = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
