import type { T } from '../platform/i18n.ts';
import { assetUrl } from './assets.ts';

interface Options {
  hash: Record<string, unknown>;
  data: { t: T };
}

/** What templates may call. Anything cleverer belongs into a view model. */
export const helpers = {
  /** `{{t "customers.list.found" count=total}}` */
  t: (key: string, { hash, data }: Options) => data.t(key, hash),
  /** `{{icon "users"}}`: a picture of `public/icons.svg` beside words; alone it needs `{{icon "users" label=(t "…")}}` */
  icon: (name: string, { hash }: Options) => new Html(icon(name, hash.label)),
  /** the versioned address of a file that is served as it is */
  asset: (name: string) => assetUrl(name),
  eq: (a: unknown, b: unknown) => a === b,
  or: (...given: unknown[]) => given.slice(0, -1).some(isTrue),
  and: (...given: unknown[]) => given.slice(0, -1).every(isTrue),
  not: (value: unknown) => !isTrue(value),
  /** whether an object has any field: `{{#if (any errors)}}` */
  any: (value: object) => Object.keys(value).length > 0,
};

function icon(name: string, label: unknown): string {
  const meaning = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeHtml(String(label))}"`;
  return `<svg class="icon" ${meaning}><use href="${assetUrl('icons.svg')}#${name}"/></svg>`;
}

/** Handlebars prints what has `toHTML` unescaped. */
class Html {
  readonly #html: string;
  constructor(html: string) {
    this.#html = html;
  }
  toHTML() {
    return this.#html;
  }
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);
}

/** An empty list is false, as for `#if`. */
const isTrue = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));
