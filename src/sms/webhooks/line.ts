import type * as ledger from '../../ledger/ledger.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { take } from '../told.ts';
import * as sql from './sql.ts';

/** What was told of one delivery. */
export interface One {
  deliveryId: string;
  /** null: nothing that the ledger has a word for */
  news: Omit<ledger.News, 'id'> | null;
  /** the channels whose signature was right; null: any */
  of: readonly ledger.Channel[] | null;
}

interface Waiting {
  one: One;
  done(found: boolean): void;
  failed(error: unknown): void;
}

type Line = Map<string, Waiting[]>;

const lines = new WeakMap<Tenancy, Line>();

/** As much as one statement takes at a time. */
const MOST = 500;

/**
 * Writes down what was told of a company's delivery, together with everything that came while the one before was being written: a big
 * campaign is told of by hundreds of calls a second. Answers whether there is such a delivery.
 */
export function inLine(tenancy: Tenancy, companyId: string, one: One): Promise<boolean> {
  const line = lines.get(tenancy) ?? new Map<string, Waiting[]>();
  lines.set(tenancy, line);
  return new Promise((done, failed) => {
    const waiting = line.get(companyId);
    if (waiting) return void waiting.push({ one, done, failed });
    line.set(companyId, [{ one, done, failed }]);
    void work(tenancy, companyId, line);
  });
}

async function work(tenancy: Tenancy, companyId: string, line: Line): Promise<void> {
  for (let next = line.get(companyId); next && next.length > 0; )
    await settle(tenancy, companyId, next.splice(0, MOST));
  line.delete(companyId);
}

/** One that cannot be written down does not sink its neighbours. Never throws. */
async function settle(tenancy: Tenancy, companyId: string, batch: readonly Waiting[]): Promise<void> {
  try {
    const found = await write(
      tenancy,
      companyId,
      batch.map(({ one }) => one),
    );
    for (const { one, done } of batch) done(found.has(one));
  } catch (error) {
    if (batch.length === 1) return void batch[0]?.failed(error);
    for (const each of batch) await settle(tenancy, companyId, [each]);
  }
}

async function write(tenancy: Tenancy, companyId: string, all: readonly One[]): Promise<Set<One>> {
  const company = await tenancy.companyOfToken({ companyId });
  if (!company) return new Set();
  const ids = all.map(({ deliveryId }) => deliveryId);
  const rows = await tenancy.reading(company, (db) => db.query<sql.KnownRow>(sql.known(ids)));
  const known = new Map(rows.map((row) => [row.id, row]));
  const found = all.filter(({ deliveryId, of }) => {
    const row = known.get(deliveryId);
    return row !== undefined && (of === null || of.includes(row.channel));
  });
  const news = risingOf(found, known);
  if (news.length > 0) await tenancy.inCompany(company, (db) => take(db, news));
  return new Set(found);
}

/** Most of what is told is known already. A provider's id is believed of one delivery. */
function risingOf(found: readonly One[], known: ReadonlyMap<string, sql.KnownRow>): ledger.News[] {
  const bySid = new Map<string, string>();
  return found.flatMap(({ deliveryId: id, news }) => {
    const state = known.get(id)?.state;
    const rises = state === 'calling' || state === 'unknown' || (state === 'accepted' && news?.state !== 'accepted');
    if (!news || !rises || (bySid.get(news.sid) ?? id) !== id) return [];
    bySid.set(news.sid, id);
    return [{ id, ...news }];
  });
}
