import { z } from 'zod';
import { makeKey, SCOPES } from '../../keys/keys.ts';
import type { Scope } from '../../tenancy/tenancy.ts';
import { command, SWITCH, word } from '../command.ts';
import { companyOf, inPortal } from '../desk.ts';

const scopes = z
  .string()
  .default('ingest,read')
  .transform((text) => [...new Set(text.split(',').map((scope) => scope.trim()))])
  .refine((given): given is Scope[] => given.every(isScope), `must be a list of ${SCOPES.join(', ')}`);

/** `key:create (--company <slug> | --portal) --name [--scopes ingest,read,consents,send]`: the key is shown this once. */
export const keyCreate = command({
  flags: { company: word(63).optional(), portal: SWITCH, name: word(200), scopes },
  check: ({ company, portal }) =>
    (company === undefined) === portal ? null : 'either --company (one company) or --portal (every company) is needed',
  run: async (desk, { company, name, scopes }) => {
    const companyId = company === undefined ? null : (await companyOf(desk, company)).id;
    const made = await inPortal(desk, (db) => makeKey(db, { companyId, name, scopes, userId: null }));
    return { key: made.key, id: made.id, scopes };
  },
});

function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}
