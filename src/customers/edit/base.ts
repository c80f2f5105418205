import { z } from 'zod';
import { CHANNELS, type Details, TAKEN } from './details.ts';
import type { Stored } from './stored.ts';

/** The customer as the form showed it first; it travels with the form, so that two who edit can be told apart. */
export interface Base {
  version: bigint;
  /** when it was shown */
  at: Date;
  details: Details;
}

const contact = { value: z.string(), given: z.string() };

const base = z.object({
  version: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
  at: z.iso.datetime().transform((at) => new Date(at)),
  details: z.object({
    name: z.string(),
    gender: z.enum(['female', 'male']).nullable(),
    region: z.string().nullable(),
    latest: z.array(z.enum(TAKEN)),
    phones: z.array(z.object({ ...contact, channels: z.array(z.enum(CHANNELS)) })),
    emails: z.array(z.object(contact)),
    otherChannels: z.string(),
    note: z.string(),
    tags: z.array(z.string()),
  }),
});

export const writeBase = ({ version, at, details }: Base): string =>
  JSON.stringify({ version: String(version), at: at.toISOString(), details });

export const baseOf = ({ version, details }: Stored, at: Date): Base => ({ version, details, at });

/** A form without it counts as shown this moment. */
export const readBase = (text: unknown, stored: Stored, now: Date): Base => readShown(text) ?? baseOf(stored, now);

/** null: it is none */
export const readShown = (text: unknown): Base | null => base.safeParse(parsed(text)).data ?? null;

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
