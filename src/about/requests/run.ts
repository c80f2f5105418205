import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Draft } from '../../platform/files.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as person from '../person/person.ts';
import { erase } from './erasure/erase.ts';
import { copy } from './found/copy.ts';
import type { Outcome, Tally } from './found/count.ts';
import { dropFiles } from './imported/imported.ts';
import * as requests from './requests.ts';
import * as sql from './sql.ts';

const DAYS_KEPT = 7;
const DAY = 86_400_000;

/**
 * Does what a person asked for, company by company, each in its own transaction behind its own wall: all of them, because what names
 * a number need not be an order. May run again after it was cut off.
 */
export async function run(services: Services, requestId: string, signal: AbortSignal): Promise<void> {
  const [begun] = await services.tenancy.inPortal((db) => db.query<sql.Begun>(sql.begin(requestId)));
  if (!begun) return;
  if (begun.kind === 'copy') return makeCopy(services, requestId, begun, signal);
  const outcome = await eraseAll(services, requestId, begun, signal);
  const copies = await services.tenancy.inPortal(async (db) => {
    await requests.lock(db, begun.phone_key);
    await db.execute(sql.dropSms(begun.phone));
    await end(db, services, requestId, outcome, null);
    return db.query<sql.Copy>(sql.copies(begun.phone_key));
  });
  await dropCopies(services, copies);
}

async function eraseAll(
  { tenancy, files }: Services,
  requestId: string,
  { phone, created_at }: sql.Begun,
  signal: AbortSignal,
) {
  const all = nothing();
  for (const company of await tenancy.companiesOfOperator()) {
    signal.throwIfAborted();
    const wanted = { requestId, phone, askedAt: created_at };
    const outcome = await tenancy.inCompany(company, (db) => erase(db, wanted));
    if (outcome?.left?.why !== 'shared') await dropFiles({ tenancy, files }, company);
    add(all, outcome);
  }
  return all;
}

async function makeCopy(services: Services, requestId: string, begun: sql.Begun, signal: AbortSignal): Promise<void> {
  const key = `about/${requestId}.json`;
  const draft = await services.files.draft(key);
  const outcome = await write(services, requestId, begun, draft, signal).catch(async (error: unknown) => {
    await draft.discard();
    throw error;
  });
  await draft.keep();
  const isKept = await services.tenancy.inPortal(async (db) => {
    await requests.lock(db, begun.phone_key);
    const [erased] = await db.query(sql.erasedSince(begun.phone_key, begun.created_at));
    await end(db, services, requestId, outcome, erased ? null : key);
    return !erased;
  });
  if (!isKept) await services.files.remove(key);
}

/** One company after the other, so that the file is never in memory as a whole. */
async function write(
  { tenancy, clock }: Services,
  requestId: string,
  { phone, phone_key, created_at: askedAt }: sql.Begun,
  { stream }: Draft,
  signal: AbortSignal,
): Promise<sql.Counts> {
  const all = nothing();
  let parts = 0;
  const shared = await tenancy.inPortal((db) => person.known(db, phone_key));
  const { reviews, looks, objection } = shared;
  const head = JSON.stringify({ phone, madeAt: clock().toISOString(), reviews, looks, objection }, null, 1);
  await put(stream, `${head.slice(0, -2)},\n "companies": [`);
  for (const company of await tenancy.companiesOfOperator()) {
    signal.throwIfAborted();
    const found = await tenancy.inCompany(company, (db) => copy(db, { requestId, phone, askedAt }));
    if (!found) continue;
    await put(stream, `${parts++ === 0 ? '' : ','}\n${JSON.stringify(found.part, null, 1)}`);
    add(all, found);
  }
  stream.end('\n]}\n');
  await finished(stream);
  return all;
}

function put(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

const nothing = (): sql.Counts => ({ companies: 0, orders: 0, messages: 0, feedback: 0, imported: 0, left: [] });

const KINDS = ['orders', 'messages', 'feedback', 'imported'] as const satisfies readonly (keyof Tally)[];

function add(all: sql.Counts, outcome: Outcome | null): void {
  if (outcome?.left) all.left.push(outcome.left);
  if (!outcome?.counts) return;
  all.companies += 1;
  for (const kind of KINDS) all[kind] += Number(outcome.counts[kind]);
}

async function end(db: PortalDb, { clock }: Services, id: string, outcome: sql.Counts, fileKey: string | null) {
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
  const rows = await tenancy.inPortal((db) => db.query<sql.Copy>(sql.expired(clock())));
  await dropCopies({ tenancy, files }, rows);
}

async function dropCopies({ tenancy, files }: Pick<Services, 'tenancy' | 'files'>, copies: readonly sql.Copy[]) {
  if (copies.length === 0) return;
  for (const { file_key: key } of copies) await files.remove(key);
  const ids = copies.map(({ id }) => id);
  await tenancy.inPortal((db) => db.execute(sql.dropFiles(ids)));
}
