const HERE = 'http://here';

/**
 * An address of this site, as a browser would read it; anything else becomes the first page. Looked at after it was taken apart:
 * dots, tabs and backslashes that a browser drops or turns must not leave the two slashes of another host.
 */
export function localPath(given: unknown): string {
  if (typeof given !== 'string' || !given.startsWith('/') || !URL.canParse(given, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(given, HERE);
  return origin === HERE && !/^\/[/\\]/.test(pathname) ? pathname + search + hash : '/';
}
