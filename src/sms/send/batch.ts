import { setTimeout as sleep } from 'node:timers/promises';
import { quietUntil } from '../../kernel/quiet.ts';
import * as ledger from '../../ledger/ledger.ts';
import { type Batch, type Course, stopFor } from './course.ts';
import { callGroup } from './group.ts';
import { insist } from './insist.ts';
import { heldSeconds, openPlaces, paceOf } from './pace.ts';
import type { Bench } from './settings.ts';
import { transportOf } from './transport.ts';
import { watch } from './watch.ts';

/** Calls everybody of the batch, as long as nothing speaks against it, and gives back whom it did not call. */
export async function sendBatch(bench: Bench, batch: Batch): Promise<{ heldSeconds: number }> {
  const { claim } = batch;
  const channels = [...new Set(claim.rows.map(({ channel }) => channel))];
  let held = 0;
  for (const channel of channels) {
    const ids = claim.rows.filter((row) => row.channel === channel).map(({ id }) => id);
    const course = await open(bench, batch, channel, ids);
    try {
      await allOf(Array.from({ length: lanesOf(bench) }, () => lane(bench, course)));
    } finally {
      await giveBack(bench, course);
    }
    held = Math.max(held, (course.heldUntil - performance.now()) / 1000);
  }
  return { heldSeconds: held };
}

/** Waits for all of them, also when one has failed: what they are calling is to be written down. */
async function allOf(lanes: readonly Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(lanes);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

async function open(bench: Bench, batch: Batch, channel: ledger.Channel, waiting: string[]): Promise<Course> {
  const transport = transportOf(bench, channel, batch.campaign.sender);
  const perSecond = transport ? await paceOf(bench.services.tenancy, transport.sender) : Number.POSITIVE_INFINITY;
  const places = transport && openPlaces(bench.services.tenancy, transport.sender, perSecond, waiting.length);
  return { batch, channel, transport, perSecond, places, waiting, stopped: false, heldUntil: 0, failed: 0, lost: 0 };
}

const lanesOf = ({ effort }: Bench) => Math.max(1, Math.floor(effort.concurrency / effort.group));

/** One group after another; the first lane that fails stops all. */
async function lane(bench: Bench, course: Course): Promise<void> {
  try {
    while (!course.stopped && course.waiting.length > 0) await next(bench, course);
  } catch (error) {
    course.stopped = true;
    throw error;
  }
}

/** The next group, at the moment that the sender's pace gives it. */
async function next(bench: Bench, course: Course): Promise<void> {
  if (mustStop(bench, course)) return;
  // What has failed since is told by callbacks too.
  if (bench.watchman.isDue('regularly')) course.stopped ||= await watch(bench, course.batch.campaign);
  if (course.stopped) return;
  const ids = course.waiting.splice(0, sizeOf(bench, course));
  const seconds = await placeOf(course, ids.length);
  if (seconds > 0) await sleep(seconds * 1000, undefined, { signal: bench.signal }).catch(() => undefined);
  if (seconds > LONG) await heedHold(bench, course);
  if (mustStop(bench, course)) return void course.waiting.push(...ids);
  await callGroup(bench, course, ids);
}

/** So many that a slow sender's leave one by one within a quarter of a second. */
const sizeOf = ({ effort }: Bench, { perSecond }: Course) =>
  Math.max(1, Math.min(effort.group, Math.floor(perSecond / 4)));

/** The seconds until this group may leave. A sender that has to be left alone stops all lanes. */
async function placeOf(course: Course, count: number): Promise<number> {
  if (!course.places) return 0;
  const turn = await course.places.take(count);
  if (turn.go) return turn.seconds;
  stopFor(course, turn.seconds);
  return 0;
}

// Whoever waited longer than this for a promised place may not know what others were told meanwhile.
const LONG = 0.1;

async function heedHold({ services }: Bench, course: Course): Promise<void> {
  const held = course.transport ? await heldSeconds(services.tenancy, course.transport.sender) : 0;
  if (held > 0) stopFor(course, held);
}

// What is marked as being called now leaves within a second.
const MARGIN = 1000;

function mustStop({ signal, services, company, until }: Bench, course: Course): boolean {
  const soon = new Date(services.clock().getTime() + MARGIN);
  const { quiet_hours: hours } = course.batch.campaign;
  course.stopped ||= signal.aborted || performance.now() > until || quietUntil(soon, company.timezone, hours) !== null;
  return course.stopped;
}

async function giveBack({ services, company, signal }: Bench, { batch, waiting }: Course): Promise<void> {
  if (waiting.length === 0) return;
  const held = { claim: batch.claim.claim, ids: waiting };
  await insist(() => services.tenancy.inCompany(company, (db) => ledger.release(db, held)), signal, 10);
}
