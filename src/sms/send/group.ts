import { setTimeout as sleep } from 'node:timers/promises';
import * as journal from '../../journal/journal.ts';
import * as ledger from '../../ledger/ledger.ts';
import * as outbox from '../../outbox/outbox.ts';
import { log } from '../../platform/log.ts';
import type { SmsOutcome } from '../../platform/sms.ts';
import { type Course, stopFor } from './course.ts';
import { insist } from './insist.ts';
import { hold } from './pace.ts';
import { type Answered, record } from './record.ts';
import type { Bench } from './settings.ts';
import { callbackOf, type Transport } from './transport.ts';
import { LEAST_FAILED, watch } from './watch.ts';

/** Marks a group as being called, calls everybody in it, and writes down what came of it. */
export async function callGroup(bench: Bench, course: Course, ids: string[]): Promise<void> {
  if (!course.transport) return keepGroup(bench, course, ids);
  // Nobody was called: they may be taken back.
  await journal.beat(bench.services).catch((error: unknown) => {
    stop(course, ids);
    throw error;
  });
  const marked = performance.now();
  const calls = await mark(bench, course, ids);
  if (!calls) return;
  const answers = await callAll(bench, course, course.transport, { calls, marked });
  await record(bench, course.batch.claim.claim, answers);
  if (isLost(course, answers)) await holdFor(bench, course, course.transport, BACK_OFF);
  course.failed += answers.filter(({ answer }) => answer.outcome === 'refused' || answer.outcome === 'unknown').length;
  if (course.failed < LEAST_FAILED || !bench.watchman.isDue('soon')) return;
  course.failed = 0;
  course.stopped ||= await watch(bench, course.batch.campaign);
}

/** So many unknown in a row: nobody is there who could take one, and each further call would be lost as well. */
const MOST_LOST = 10;
const BACK_OFF = 30;

function isLost(course: Course, answers: readonly Answered[]): boolean {
  for (const { answer } of answers) course.lost = answer.outcome === 'unknown' ? course.lost + 1 : 0;
  return course.lost >= MOST_LOST;
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

/** Calls, and when they began to be marked as such, by `performance.now()`: their lease is counted from no earlier moment. */
interface Marked {
  calls: ledger.Call[];
  marked: number;
}

/** One after another begins at the sender's pace, and waits for its answer beside the others. */
function callAll(bench: Bench, course: Course, transport: Transport, { calls, marked }: Marked): Promise<Answered[]> {
  return Promise.all(
    calls.map(async (call, place) => {
      const wait = (place / course.perSecond) * 1000;
      if (wait >= 1) await sleep(wait);
      return { call, answer: await callOne(bench, course, transport, call, marked) };
    }),
  );
}

async function callOne(
  bench: Bench,
  course: Course,
  transport: Transport,
  call: ledger.Call,
  marked: number,
): Promise<SmsOutcome> {
  const { services, company, effort } = bench;
  const { texter, from } = transport;
  const held = course.heldUntil - performance.now();
  if (held > 0) return { outcome: 'later', reason: 'the sender has to wait', seconds: held / 1000 };
  // Whoever was stopped for so long is taken for dead: others may have told the company that nothing is under way.
  const late = performance.now() - marked > effort.leaseSeconds * 500;
  if (late) {
    stopFor(course, 0);
    return { outcome: 'later', reason: 'the worker stood still', seconds: 0 };
  }
  const callback = callbackOf(services, company.id, call);
  const sms = { to: call.address, text: call.body, ...(from ? { from } : {}), ...(callback ? { callback } : {}) };
  const answer = await texter.send(sms);
  // At once: the others of this sender are not to wait for the slowest call of this group.
  if (answer.outcome === 'later') await holdFor(bench, course, transport, answer.seconds);
  return answer;
}

// Of several who are told the same at about the same time the first one writes it down.
const NO_LONGER = 100;

async function holdFor(
  { services, signal }: Bench,
  course: Course,
  transport: Transport,
  seconds: number,
): Promise<void> {
  const longer = performance.now() + seconds * 1000 > course.heldUntil + NO_LONGER;
  stopFor(course, seconds);
  if (!longer) return;
  // What became of the calls is to be written down whether or not this can be.
  await insist(() => hold(services.tenancy, transport.sender, seconds), signal, 5).catch((error: unknown) =>
    log.warn({ err: error, sender: transport.sender }, 'nobody could be told that a sender is to be left alone'),
  );
}
