import type { z } from 'zod';
import type { CompanyDb } from '../tenancy/handles.ts';
import { type Result, storeBatch } from './batch.ts';
import { message } from './input.ts';
import { messages } from './messages.ts';

/**
 * Stores one message that came or went by the portal itself, in the caller's transaction: like one that was posted, it says who its
 * customer is and counts as activity. Throws ZodError for what could not be posted.
 */
export async function storeMessage(db: CompanyDb, given: z.input<typeof message>, now: Date): Promise<Result> {
  const [result] = await storeBatch(db, messages, [message.parse(given)], { now, portal: true });
  if (!result) throw new Error('A message was not stored');
  return result;
}
