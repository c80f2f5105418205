const MAX_LENGTH = 255;
const MAX_LOCAL = 64;
const MAX_LABEL = 63;

// RFC 5322 dot-atom, with the letters of every script as RFC 6531 allows. No repetition overlaps another: linear time.
const LOCAL_PART = /^[\p{L}\p{M}\p{Nd}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{Nd}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^(?!-)[\p{L}\p{M}\p{Nd}-]+(?<!-)$/u;
const ONLY_DIGITS = /^\d+$/;

/**
 * Reads an e-mail address: trimmed, lower-cased, at most 255 characters (P-37, P-60); nothing cleverer, so dots and `+`
 * in the local part count. Null when no shop's customer could get mail there.
 *
 * Accepted: `local@domain` where local is dot-separated atoms (at most 64 characters) and domain is dot-separated labels of
 * letters, digits and inner hyphens (at most 63 each). One label is enough (`test@io` exists), and whether the domain has
 * an MX record is not asked. Refused, although RFC 5322 knows them: quoted local parts, comments and folding white
 * space, address literals (`[192.0.2.1]`), and domains that end in a number, which are IP addresses.
 * A line break is refused even at the ends: it marks two pasted lines, or an attempt to add mail headers.
 */
export function parseEmail(given: string): string | null {
  if (/[\r\n]/.test(given)) return null;
  const email = given.trim().toLowerCase();
  if (email.length > MAX_LENGTH) return null;
  const at = email.lastIndexOf('@');
  const local = email.slice(0, Math.max(0, at));
  return local.length <= MAX_LOCAL && LOCAL_PART.test(local) && isDomain(email.slice(at + 1)) ? email : null;
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  return (
    labels.every((label) => label.length <= MAX_LABEL && LABEL.test(label)) && !ONLY_DIGITS.test(labels.at(-1) ?? '')
  );
}
