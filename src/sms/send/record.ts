import * as ledger from '../../ledger/ledger.ts';
import { log } from '../../platform/log.ts';
import type { SmsOutcome } from '../../platform/sms.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { SAID_STOP, silence } from '../stop/stop.ts';
import { insist, isRefused } from './insist.ts';
import type { Bench } from './settings.ts';

/** What the provider said to one call. */
export interface Answered {
  call: ledger.Call;
  answer: SmsOutcome;
}

/** Writes down what came of calls, however long the database is away. One that it does not take leaves the others as they are. */
export async function record(bench: Bench, claim: string, answers: readonly Answered[]): Promise<void> {
  try {
    await keep(bench, claim, answers);
  } catch (error) {
    if (!isRefused(error)) throw error;
    log.error({ err: error, campaign: bench.campaignId }, 'an answer of the provider cannot be written down');
    if (answers.length > 1) for (const one of answers) await record(bench, claim, [one]);
    else await keep(bench, claim, answers.map(strange));
  }
}

const keep = (bench: Bench, claim: string, answers: readonly Answered[]) =>
  insist(() => bench.services.tenancy.inCompany(bench.company, (db) => write(bench, db, claim, answers)), bench.signal);

const strange = ({ call }: Answered): Answered => ({
  call,
  answer: { outcome: 'unknown', reason: 'the answer could not be written down' },
});

async function write({ services }: Bench, db: CompanyDb, claim: string, answers: readonly Answered[]): Promise<void> {
  const now = services.clock();
  await ledger.settle(db, claim, answers.flatMap(settlementOf), now);
  const back = answers.filter(({ answer }) => answer.outcome === 'later');
  if (back.length > 0) {
    const seconds = Math.max(...back.map(({ answer }) => ('seconds' in answer ? answer.seconds : 0)));
    const dueAt = new Date(now.getTime() + seconds * 1000);
    await ledger.release(db, { claim, ids: back.map(({ call }) => call.id) }, dueAt);
  }
  for (const { call, answer } of answers) {
    const { address, address_key: addressKey } = call;
    // The provider knows of a STOP that we do not: it holds here as well, on all channels.
    const saidStop = answer.outcome === 'refused' && answer.code === SAID_STOP;
    if (saidStop && addressKey) await silence(db, { address, addressKey }, 'provider');
  }
}

function settlementOf({ call: { id }, answer }: Answered): ledger.Settlement[] {
  if (answer.outcome === 'accepted') return [{ id, state: 'accepted', sid: answer.sid }];
  if (answer.outcome === 'refused') return [{ id, state: 'failed', reason: answer.reason, errorCode: answer.code }];
  if (answer.outcome === 'unknown') return [{ id, state: 'unknown', reason: answer.reason }];
  return [];
}
