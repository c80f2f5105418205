import { setTimeout as sleep } from 'node:timers/promises';
import * as consents from '../../consents/consents.ts';
import { phoneHint } from '../../kernel/phone-key.ts';
import * as ledger from '../../ledger/ledger.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';

/** Twilio: whoever has this number has said STOP to the sender. */
export const SAID_STOP = '21610';

interface Silenced {
  /** E.164; null: it was erased */
  address: string | null;
  addressKey: string;
}

/**
 * From the commit on the number gets nothing more from this company, on any channel, and what was planned for it is skipped. What is
 * being handed over at this moment is not called back: `stilled` waits for it.
 */
export async function silence(
  db: CompanyDb,
  { address, addressKey }: Silenced,
  reason: 'stop' | 'page' | 'provider',
): Promise<void> {
  await consents.suppress(db, { addressKey, hint: phoneHint(address ?? ''), reason, userId: null });
  await ledger.silence(db, addressKey);
}

export interface Patience {
  /** so long it is waited at most */
  milliseconds: number;
  step: number;
}

/** Longer than a call to the provider lasts, shorter than whoever told us waits for an answer. */
export const USUAL: Patience = { milliseconds: 12_000, step: 50 };

/**
 * After the suppression was committed: waits until nothing is on its way to the number any more. Only then may its person be told that
 * nothing will come. false: something still is.
 */
export async function stilled(
  tenancy: Tenancy,
  company: Company,
  addressKey: string,
  { milliseconds, step }: Patience = USUAL,
): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while ((await tenancy.inCompany(company, (db) => ledger.silence(db, addressKey))) > 0) {
    if (performance.now() >= end) return false;
    await sleep(step);
  }
  return true;
}
