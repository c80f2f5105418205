import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Draft } from '../../platform/files.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as person from '../person/person.ts';
import { erase } from './erasure/erase.ts';
import { copy } from './found/copy.ts';
import type { Tally } from './found/count.ts';
import * as sql from './sql.ts';

const DAYS_KEPT = 7;
const DAY = 86_400_000;

type Counts = Record<keyof sql.Counts, number>;

/**
 * Does what a person asked for, company by company, each in its own transaction behind its own wall: all of them, because what names
 * a number need not be an order. May run again after it was cut off.
 */
export async function run(services: Services, requestId: string, signal: AbortSignal): Promise<void> {
  const [begun] = await services.tenancy.inPortal((db) => db.query<sql.Begun>(sql.begin(requestId)));
  if (!begun) return;
  if (begun.kind === 'copy') return makeCopy(services, requestId, begun, signal);
  const outcome = await eraseAll(services, requestId, begun, signal);
  await services.tenancy.inPortal(async (db) => {
    await db.execute(sql.dropSms(begun.phone));
    await end(db, services, requestId, outcome, null);
  });
}

async function eraseAll(
  { tenancy }: Services,
  requestId: string,
  { phone, created_at }: sql.Begun,
  signal: AbortSignal,
) {
  const counts = nothing();
  for (const company of await tenancy.companiesOfOperator()) {
    signal.throwIfAborted();
    const wanted = { requestId, phone, askedAt: created_at };
    add(counts, await tenancy.inCompany(company, (db) => erase(db, wanted)));
  }
  return counts;
}

async function makeCopy(services: Services, requestId: string, begun: sql.Begun, signal: AbortSignal): Promise<void> {
  const key = `about/${requestId}.json`;
  const draft = await services.files.draft(key);
  const outcome = await write(services, requestId, begun, draft, signal).catch(async (error: unknown) => {
    await draft.discard();
    throw error;
  });
  await draft.keep();
  await services.tenancy.inPortal((db) => end(db, services, requestId, outcome, key));
}

/** One company after the other, so that the file is never in memory as a whole. */
async function write(
  { tenancy, clock }: Services,
  requestId: string,
  { phone, phone_key }: sql.Begun,
  { stream }: Draft,
  signal: AbortSignal,
): Promise<Counts> {
  const counts = nothing();
  const shared = await tenancy.inPortal((db) => person.known(db, phone_key));
  const { reviews, looks, objection } = shared;
  const head = JSON.stringify({ phone, madeAt: clock().toISOString(), reviews, looks, objection }, null, 1);
  await put(stream, `${head.slice(0, -2)},\n "companies": [`);
  for (const company of await tenancy.companiesOfOperator()) {
    signal.throwIfAborted();
    const found = await tenancy.inCompany(company, (db) => copy(db, { requestId, phone }));
    if (!found) continue;
    await put(stream, `${counts.companies === 0 ? '' : ','}\n${JSON.stringify(found.part, null, 1)}`);
    add(counts, found.counts);
  }
  stream.end('\n]}\n');
  await finished(stream);
  return counts;
}

function put(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

const nothing = (): Counts => ({ companies: 0, orders: 0, messages: 0, feedback: 0, imported: 0 });

function add(counts: Counts, found: Tally | null): void {
  if (!found) return;
  counts.companies += 1;
  for (const kind of ['orders', 'messages', 'feedback', 'imported'] as const) counts[kind] += Number(found[kind]);
}

async function end(db: PortalDb, { clock }: Services, id: string, outcome: Counts, fileKey: string | null) {
  const now = clock();
  const expiresAt = fileKey === null ? null : new Date(now.getTime() + DAYS_KEPT * DAY);
  await db.execute(sql.end(id, { state: 'done', outcome, fileKey, now, expiresAt }));
}

export async function giveUp({ tenancy, clock }: Services, id: string): Promise<void> {
  const ending = { state: 'failed' as const, outcome: {}, fileKey: null, now: clock(), expiresAt: null };
  await tenancy.inPortal((db) => db.execute(sql.end(id, ending)));
}

/** Copies are thrown away after their seven days. */
export async function expire({ tenancy, files, clock }: Services): Promise<void> {
  const rows = await tenancy.inPortal((db) => db.query<{ id: string; file_key: string }>(sql.expired(clock())));
  for (const { id, file_key } of rows) {
    await files.remove(file_key);
    await tenancy.inPortal((db) => db.execute(sql.dropFile(id)));
  }
}
