/**
 * The rules of a stylesheet for `[data-bs-theme=dark]`, made to hold for `[data-bs-theme=auto]` where the system is dark.
 * Understands what Tabler's and our own stylesheet use: rules, and rules inside `@media`; it skips all other at-rules.
 */
export function followSystem(css: string): string {
  const rules = darkRules(css.replace(/\/\*.*?\*\//gs, ''));
  return `@media (prefers-color-scheme:dark){${rules}}`;
}

function darkRules(css: string): string {
  return split(css).map(darkRule).join('');
}

function darkRule({ head, body }: Block): string {
  if (head.startsWith('@media')) {
    const inner = darkRules(body);
    return inner ? `${head}{${inner}}` : '';
  }
  const selectors = head.startsWith('@') ? [] : head.split(',').map(autoSelector).filter(Boolean);
  return selectors.length > 0 ? `${selectors.join(',')}{${body}}` : '';
}

// A theme inside another theme, and a dark navigation bar on a light page, are not for whole pages.
function autoSelector(selector: string): string {
  const plain = /^\s*(?:html|:root)?\[data-bs-theme=["']?dark["']?\]/.test(selector) && !selector.includes('light]');
  return plain ? selector.trim().replace(/=["']?dark["']?\]/, '=auto]') : '';
}

interface Block {
  head: string;
  body: string;
}

/** Cuts a stylesheet into its outermost blocks. Braces inside quotes do not count. */
function split(css: string): Block[] {
  const blocks: Block[] = [];
  let depth = 0;
  let start = 0;
  let open = 0;
  for (const { 0: sign, index } of css.matchAll(/"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|[{};]/g)) {
    if (sign === '{' && depth++ === 0) open = index;
    if (sign === ';' && depth === 0) start = index + 1;
    if (sign === '}' && --depth === 0) {
      blocks.push({ head: css.slice(start, open).trim(), body: css.slice(open + 1, index) });
      start = index + 1;
    }
  }
  return blocks;
}
