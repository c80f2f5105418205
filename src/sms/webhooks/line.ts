import type * as ledger from '../../ledger/ledger.ts';
import { type Line, makeLine } from '../../platform/line.ts';
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

const lines = new WeakMap<Tenancy, Line<One, boolean>>();

/** As much as one statement takes at a time. */
const MOST = 500;

/**
 * Writes down what was told of a company's delivery, together with everything that came while the one before was being written: a big
 * campaign is told of by hundreds of calls a second. Answers whether there is such a delivery.
 */
export function inLine(tenancy: Tenancy, companyId: string, one: One): Promise<boolean> {
  const line = lines.get(tenancy) ?? lineOf(tenancy);
  lines.set(tenancy, line);
  return line(companyId, one);
}

const lineOf = (tenancy: Tenancy): Line<One, boolean> =>
  makeLine({ fits: (batch) => batch.length < MOST, work: (companyId, all) => write(tenancy, companyId, all) });

/** Answers for each whether there is such a delivery. */
async function write(tenancy: Tenancy, companyId: string, all: readonly One[]): Promise<boolean[]> {
  const company = await tenancy.companyOfToken({ companyId });
  if (!company) return all.map(() => false);
  const ids = all.map(({ deliveryId }) => deliveryId);
  const rows = await tenancy.reading(company, (db) => db.query<sql.KnownRow>(sql.known(ids)));
  const known = new Map(rows.map((row) => [row.id, row]));
  const isKnown = ({ deliveryId, of }: One): boolean => {
    const row = known.get(deliveryId);
    return row !== undefined && (of === null || of.includes(row.channel));
  };
  const news = risingOf(all.filter(isKnown), known);
  if (news.length > 0) await tenancy.inCompany(company, (db) => take(db, news));
  return all.map(isKnown);
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
