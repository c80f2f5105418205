import * as consents from '../consents/consents.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { Talk } from './talk.ts';

/** Whether the person of a conversation may be answered. */
export interface Standing {
  /** nothing may be sent: why; null: it may */
  silent: consents.Reason | null;
  /** the person has said no to messages, though not to an answer */
  refused: boolean;
}

export async function standingOf(db: CompanyReader, { addressKey, channel }: Talk): Promise<Standing> {
  const [silenced] = await consents.suppressedOf(db, [addressKey]);
  const told = await consents.consentsOf(db, [addressKey]);
  const refused = told.some((row) => row.channel === channel && !row.granted);
  return { silent: silenced?.reason ?? null, refused };
}
