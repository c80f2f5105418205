import { setTimeout as sleep } from 'node:timers/promises';
import * as ledger from '../../ledger/ledger.ts';
import * as outbox from '../../outbox/outbox.ts';
import type { SmsOutcome } from '../../platform/sms.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { SAID_STOP, silence } from '../stop/stop.ts';
import { type Course, stopFor } from './course.ts';
import { insist } from './insist.ts';
import { hold } from './pace.ts';
import type { Bench } from './settings.ts';
import { callbackOf, type Transport } from './transport.ts';
import { LEAST_FAILED, watch } from './watch.ts';

/** Marks a group as being called, calls everybody in it, and writes down what came of it. */
export async function callGroup(bench: Bench, course: Course, ids: string[]): Promise<void> {
  if (!course.transport) return keepGroup(bench, course, ids);
  const calls = await mark(bench, course, ids);
  if (!calls) return;
  const answers = await callAll(bench, course, course.transport, calls);
  await insist(() => bench.services.tenancy.inCompany(bench.company, (db) => write(bench, db, course, answers)));
  const waits = answers.flatMap(({ answer }) => (answer.outcome === 'later' ? [answer.seconds] : []));
  if (waits.length > 0) await holdFor(bench, course, course.transport, Math.max(...waits));
  course.failed += answers.filter(({ answer }) => answer.outcome === 'refused').length;
  if (course.failed < LEAST_FAILED) return;
  course.failed = 0;
  course.stopped ||= await watch(bench, course.batch.campaign);
}

/** Where a channel is not set up, its texts are kept for the outbox page. */
async function keepGroup(bench: Bench, course: Course, ids: string[]): Promise<void> {
  const { services, company, campaignId, effort } = bench;
  const held = { claim: course.batch.claim.claim, ids };
  const now = services.clock();
  const going = await services.tenancy.inCompany(company, async (db) => {
    const calls = await ledger.call(db, campaignId, held, { sender: null, seconds: effort.leaseSeconds, now });
    if (!calls) return false;
    await outbox.keep(db, calls);
    const kept = calls.map(({ id }) => ({ id, state: 'accepted' as const, sid: `outbox:${id}` }));
    await ledger.settle(db, held.claim, kept, now);
    return true;
  });
  if (!going) stop(course, ids);
}

/** null: the campaign is not being sent any more. What could not be marked was not called. */
async function mark(bench: Bench, course: Course, ids: string[]): Promise<ledger.Call[] | null> {
  const { services, company, campaignId, effort } = bench;
  const held = { claim: course.batch.claim.claim, ids };
  const now = services.clock();
  const terms = { sender: course.transport?.sender ?? null, seconds: effort.leaseSeconds, now };
  try {
    const calls = await services.tenancy.inCompany(company, (db) => ledger.call(db, campaignId, held, terms));
    if (!calls) stop(course, ids);
    return calls;
  } catch (error) {
    // It may have been committed all the same: nobody was called, so they may be taken back, by us alone.
    stop(course, ids);
    throw error;
  }
}

function stop(course: Course, ids: readonly string[]): void {
  course.stopped = true;
  course.waiting.push(...ids);
}

interface Answered {
  call: ledger.Call;
  answer: SmsOutcome;
}

/** One after another begins at the sender's pace, and waits for its answer beside the others. */
function callAll(bench: Bench, course: Course, transport: Transport, calls: ledger.Call[]): Promise<Answered[]> {
  const marked = performance.now();
  return Promise.all(
    calls.map(async (call, place) => {
      const wait = (place / course.perSecond) * 1000;
      if (wait >= 1) await sleep(wait);
      return { call, answer: await callOne(bench, course, transport, call, marked) };
    }),
  );
}

async function callOne(
  { services, company, effort }: Bench,
  course: Course,
  { texter, from }: Transport,
  call: ledger.Call,
  marked: number,
): Promise<SmsOutcome> {
  const held = course.heldUntil - performance.now();
  if (held > 0) return { outcome: 'later', reason: 'the sender has to wait', seconds: held / 1000 };
  // Whoever was stopped for so long is taken for dead: others may have told the company that nothing is under way.
  const late = performance.now() - marked > effort.leaseSeconds * 500;
  if (late) return { outcome: 'later', reason: 'the worker stood still', seconds: 0 };
  const callback = callbackOf(services, company.id, call);
  const sms = { to: call.address, text: call.body, ...(from ? { from } : {}), ...(callback ? { callback } : {}) };
  const answer = await texter.send(sms);
  if (answer.outcome === 'later') stopFor(course, answer.seconds);
  return answer;
}

async function write({ services }: Bench, db: CompanyDb, course: Course, answers: readonly Answered[]): Promise<void> {
  const now = services.clock();
  const { claim } = course.batch.claim;
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

async function holdFor({ services }: Bench, course: Course, transport: Transport, seconds: number): Promise<void> {
  stopFor(course, seconds);
  if (seconds > 0) await insist(() => hold(services.tenancy, transport.sender, seconds), 3);
}
