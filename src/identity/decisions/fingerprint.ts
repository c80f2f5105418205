import { createHash } from 'node:crypto';
import { fold } from '../../kernel/text.ts';
import { type ContactKind, keyOf } from '../contacts.ts';

/**
 * What an arrival says of its person: the contacts together with the name. Where a person moved an arrival, later ones of the same
 * fingerprint follow. null: no contacts, nothing to be recognised by.
 */
export function fingerprintOf(
  contacts: readonly { kind: ContactKind; value: string }[],
  name: string | null | undefined,
): string | null {
  if (contacts.length === 0) return null;
  const said = [fold(name ?? ''), ...contacts.map(keyOf).toSorted()];
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url');
}
