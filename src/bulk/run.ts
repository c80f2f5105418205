import { lock } from '../identity/identity.ts';
import * as notices from '../notices/notices.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import { DAYS_KEPT } from './request.ts';
import * as sql from './sql.ts';
import { begin, selection, step } from './step.ts';
import { undoStep } from './undo.ts';

type Needed = Pick<Services, 'tenancy' | 'clock'>;

// A fifth of a second: so long, orders that come in meanwhile wait at most.
const CHUNK = 2000;

type Run = (services: Needed, company: Company, id: string, signal: AbortSignal, chunk?: number) => Promise<void>;

/** Does all of it, chunk by chunk. May run again after it was cut off: it goes on behind the last customer that is done. */
export const run: Run = async (services, company, id, signal, chunk = CHUNK) => {
  if (!(await open(services, company, id))) return;
  await stepByStep(services, company, signal, async (db) => {
    const { more } = await step(db, id, chunk);
    if (!more) await end(db, id, 'running', 'done');
    return more;
  });
};

/** Counts them, for the progress. false: it is over */
async function open({ tenancy }: Needed, company: Company, id: string): Promise<boolean> {
  const [held] = await tenancy.inCompany(company, (db) => db.query<sql.Held>(sql.hold(id, ['queued', 'running'])));
  if (!held) return false;
  if (held.total !== null) return true;
  const total = await tenancy.reading(company, async (db) => {
    const [row] = await db.query<{ count: number }>(sql.count(selection({ company }, held)));
    return row?.count ?? 0;
  });
  await tenancy.inCompany(company, (db) => begin(db, id, total));
  return true;
}

/** Takes all of it back. May run again after it was cut off. */
export const runUndo: Run = async (services, company, id, signal, chunk = CHUNK) => {
  await stepByStep(services, company, signal, async (db) => {
    const more = (await undoStep(db, id, chunk)) > 0;
    if (!more) await end(db, id, 'undoing', 'undone');
    return more;
  });
};

/** Each step in a transaction of its own, under identity's `lock`, as long as one says that there is more. */
async function stepByStep(
  { tenancy }: Needed,
  company: Company,
  signal: AbortSignal,
  next: (db: CompanyDb) => Promise<boolean>,
): Promise<void> {
  let more = true;
  while (more) {
    signal.throwIfAborted();
    more = await tenancy.inCompany(company, async (db) => {
      await lock(db);
      return next(db);
    });
  }
}

/** Says so in the cabinet of who asked for it. */
async function end(db: CompanyDb, id: string, from: 'running' | 'undoing', to: 'done' | 'undone'): Promise<void> {
  const [row] = await db.query<{ user_id: string | null; changed: bigint; undone: bigint }>(sql.finish(id, from, to));
  if (!row?.user_id) return;
  const count = Number(to === 'done' ? row.changed : row.undone);
  await notices.post(db, { userId: row.user_id, kind: `bulk-${to}`, data: { count, path: `/bulk/${id}` } });
}

/** The last try is over. What it has changed until then stays, and can be undone. */
export async function fail({ tenancy }: Needed, company: Company, id: string): Promise<void> {
  await tenancy.inCompany(company, async (db) => {
    const [row] = await db.query<{ user_id: string | null }>(sql.fail(id, 'unknown'));
    if (row?.user_id)
      await notices.post(db, { userId: row.user_id, kind: 'bulk-failed', data: { path: `/bulk/${id}` } });
  });
}

const DAYS = 86_400_000;

/** In all companies: what is too old to be undone is not kept any longer. */
export async function forget({ tenancy, clock }: Needed, signal: AbortSignal): Promise<void> {
  const before = new Date(clock().getTime() - DAYS_KEPT * DAYS);
  for (const company of await tenancy.companiesOfOperator()) {
    let more = true;
    while (more) {
      signal.throwIfAborted();
      more = (await tenancy.inCompany(company, (db) => db.execute(sql.forget(before, CHUNK)))) > 0;
    }
  }
}
