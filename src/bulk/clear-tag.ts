import { lock } from '../identity/identity.ts';
import * as tags from '../tags/tags.ts';
import type { Company } from '../tenancy/company.ts';
import type { Services } from '../web/services.ts';

const CHUNK = 2000;

/** Takes a tag that was merged or deleted away from whoever has it. May run again after it was cut off. */
export async function clearTag(
  { tenancy }: Pick<Services, 'tenancy'>,
  company: Company,
  tagId: string,
  signal: AbortSignal,
): Promise<void> {
  let cleared: tags.Cleared | null = { of: 'customers', last: null };
  while (cleared) {
    signal.throwIfAborted();
    const from: tags.Cleared = cleared;
    cleared = await tenancy.inCompany(company, async (db) => {
      // Whoever changes many customers takes this first: two of them would wait for each other.
      await lock(db);
      return tags.clearSome(db, tagId, from, CHUNK);
    });
  }
}
